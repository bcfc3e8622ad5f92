import type { SourceText } from './document.ts';

/**
 * The texts in order. All behind the offset `understood` is one text, which begins earlier where a text reaches over that
 * offset, such as a comment.
 */
export function textsUpTo(
  understood: number,
  texts: readonly SourceText[],
  length: number,
): SourceText[] {
  const known = texts.filter(({ start, end }) => end > start && end <= understood);
  const cut = texts.filter(({ start, end }) => start < understood && end > understood);
  const rest = Math.min(understood, ...cut.map(({ start }) => start));
  if (rest < length) known.push({ start: rest, end: length });
  return known.sort((a, b) => a.start - b.start);
}
