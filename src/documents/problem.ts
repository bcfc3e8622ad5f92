import type { Place } from './position.ts';

/** What is wrong at a place. `text` says what and why, without showing any value. */
export interface Fault extends Place {
  text: string;
  hint?: string;
  /** An earlier place that it is about: the first member of the same name, the bracket left open. */
  earlier?: number;
}

/** What is wrong with a document itself. */
export interface Problem extends Fault {
  kind: 'parse-error' | 'duplicate-key' | 'template';
  /** What a repeated name does, where it is not that the last one counts. */
  effect?: string;
  /** True for a repeated name that is a comment in JSON, which has no others. */
  isComment?: boolean;
}
