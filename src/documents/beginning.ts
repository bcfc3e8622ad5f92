// Where a text of a format with comments in `/* … */` really begins.

/**
 * The offset behind the byte order mark, the comments, and all that the sticky expression `nothing` matches. undefined where a
 * comment is not closed.
 */
export function beginningOf(text: string, nothing: RegExp): number | undefined {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    nothing.lastIndex = at;
    if (nothing.test(text)) at = nothing.lastIndex;
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) return undefined;
      at = end + 2;
    } else return at;
  }
}
