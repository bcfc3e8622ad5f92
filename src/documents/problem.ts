/** What is wrong with a document itself. `text` says what and why, without showing any value. */
export interface Problem {
  kind: 'parse-error' | 'duplicate-key' | 'template';
  start: number;
  end: number;
  text: string;
  hint?: string;
  /** What a repeated name does, where it is not that the last one counts. */
  effect?: string;
  /** An earlier place that the problem is about: the first member of the same name, the bracket left open. */
  earlier?: number;
}
