// Numbers and words that stand for themselves.
import type { Token } from './token.ts';

/** undefined for other tokens; `count` is how many tokens the expression has in all. */
export function scalarOf(
  file: string,
  [first, second]: readonly Token[],
  count: number,
): string | number | boolean | null | undefined {
  if (first?.type === 'name' && count === 1) return WORDS.get(first.text ?? '');
  const isNegative = first?.type === 'sign' && first.text === '-';
  const number = isNegative ? second : first;
  if (number?.type !== 'number' || count !== (isNegative ? 2 : 1)) return undefined;
  const text = file.slice(number.start, number.end);
  const value = Number(`${isNegative ? '-' : ''}${text}`);
  // Terraform computes exactly; a number that JavaScript cannot hold is kept as it stands.
  if (Number.isNaN(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    return `${isNegative ? '-' : ''}${text}`;
  return value;
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
