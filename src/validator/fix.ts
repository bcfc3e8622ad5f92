// What --fix does about a finding: only where there is one right answer.
import type { Place } from '../documents/position.ts';
import type { Fix } from './diagnostic.ts';
import type { ValueContext } from './rule.ts';
import { quoted } from './wording.ts';

/** True where a fix may depend on the connector. Where others share the text, it would have to fit their names too. */
export function isOwnText({ document, entry }: ValueContext): boolean {
  return document.isShared?.(entry.pointer) !== true;
}

/** Puts a name or a reference, which may be shown, in place of a part of the value. The edits are made when they are asked for. */
export function writing(text: string, { replace }: ValueContext, span: Place): Fix {
  return {
    what: `write ${quoted(text)}`,
    get edits() {
      return replace(span, text);
    },
  };
}
