// Names that options such as --only take: several by commas, or the option several times.
import { SecretregError } from '../../errors.ts';
import { didYouMean } from '../../validator/did-you-mean.ts';

/** For an option that may be given several times. Fails with wrong-use. */
export function namesOption(text: string, before: string[] | undefined): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set([...(before ?? []), ...names])];
}

interface Missing {
  option: string;
  name: string;
  /** Such as `path 'orders' has no key`. */
  what: string;
  hint?: string;
}

export function notAmong(names: Iterable<string>, { hint, ...missing }: Missing): SecretregError {
  const near = didYouMean(missing.name, names);
  return new SecretregError('option-names-nothing', { ...missing, near }, { hint });
}
