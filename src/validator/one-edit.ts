// Slips of a name that leave no doubt about what was meant. Stricter than did-you-mean.ts, which only asks.
import { distance } from 'fastest-levenshtein';

/** True where two names differ in nothing but case and one edit: a letter more, less or other, or two in the wrong order. */
export function isOneEdit(one: string, other: string): boolean {
  // The distance costs length × length, and a name may be as long as its file.
  if (Math.abs(one.length - other.length) > 1) return false;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return distance(a, b) <= 1 || isSwap(a, b);
}

/**
 * The one candidate of which the name can only be a slip. `password1` is no slip of `password2`, for numbers tell similar
 * things apart; `dev` is no slip of `env`, for one letter of three is much.
 */
export function onlyMeant(name: string, candidates: Iterable<string>): string | undefined {
  const near = [...candidates].filter((it) => isOneEdit(name, it));
  const inOtherCase = near.filter((it) => it.toLowerCase() === name.toLowerCase());
  const [meant, ...others] = inOtherCase.length > 0 ? inOtherCase : near;
  if (meant === undefined || others.length > 0) return undefined;
  return inOtherCase.length > 0 || isSlip(name, meant) ? meant : undefined;
}

function isSlip(name: string, meant: string): boolean {
  const digits = (text: string) => text.replace(/\D/g, '');
  return Math.min(name.length, meant.length) > 3 && digits(name) === digits(meant);
}

/** Two neighbours in the wrong order: `sercet`. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
