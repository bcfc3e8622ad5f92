// What git leaves in a file that two people changed, until somebody decides. In most formats it is a fault of its own, told in
// words that say nothing of its cause; a .properties file takes the marks for settings, and the later side for the one that counts.
import type { SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** The one problem of a text in which a merge conflict was left, in place of the faults that come of it. */
export function conflictProblem({ format, problems, text }: SourceDocument): Problem | undefined {
  const isBroken = problems.some(({ kind }) => kind === 'parse-error');
  if (!isBroken && format !== 'properties' && format !== 'shell') return undefined;
  const start = conflictIn(text);
  return start === undefined
    ? undefined
    : {
        start,
        end: start + FIRST_MARK.length,
        kind: 'parse-error',
        text: 'a merge conflict was left here: one of its sides has to go, and its three marks',
        hint: "git grep -n '^<<<<<<< '    (lists all that are left)",
      };
}

/** The text that tells of what format the file is, where a conflict stands in front of all of it. */
export function behindFirstMark(text: string): string {
  return text.startsWith(FIRST_MARK) ? text.slice(text.indexOf('\n') + 1) : text;
}

const FIRST_MARK = '<<<<<<<';

/** Where the first one begins. All three marks have to be there: each alone may be a line that somebody drew. */
function conflictIn(text: string): number | undefined {
  const start = text.search(/^<{7}(?= |\r?$)/m);
  if (start === -1) return undefined;
  const middle = text.indexOf('\n=======', start);
  return middle !== -1 && text.includes('\n>>>>>>>', middle) ? start : undefined;
}
