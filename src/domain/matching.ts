/** What an expression matches from an offset on: only right there, where it is a sticky one. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Where a global expression matches next; the end of the text where it does not. */
export function nextMatch(pattern: RegExp, text: string, from: number): number {
  return matchAt(pattern, text, from)?.index ?? text.length;
}
