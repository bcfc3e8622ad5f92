// What --fix does about a finding: only where there is one right answer.
import type { Place } from '../documents/position.ts';
import { visible } from '../domain/visible.ts';
import type { Fix } from './diagnostic.ts';
import type { ValueContext } from './rule.ts';

/** Whether a fix may depend on the connector: not where others have the same text, which have other names. */
export function isOwnText({ document, entry }: ValueContext): boolean {
  return document.isShared?.(entry.pointer) !== true;
}

/** Puts a name or a reference, which may be shown, in place of a part of the value. The edits are made when they are asked for. */
export function writing(text: string, { replace }: ValueContext, span: Place): Fix {
  return {
    what: `write '${visible(text)}'`,
    get edits() {
      return replace(span, text);
    },
  };
}
