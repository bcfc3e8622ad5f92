// Which provider names a reference may have, and which other names are slips of them.
import { distance } from 'fastest-levenshtein';
import type { ProviderNames } from '../domain/reference-fault.ts';

export interface KnownProviders extends ProviderNames {
  readonly all: readonly string[];
  /** All that the worker has, where its file tells them. */
  readonly ofWorker: readonly string[] | undefined;
  /** The first of the registry's, for hints. */
  readonly own: string;
  /** The known name that can only have been meant: other case, or one edit away. */
  nearest(provider: string): string | undefined;
}

/** Kafka's own, in every worker's class path since 3.5 (KIP-887, KIP-297, KIP-421). */
export const KAFKA_PROVIDERS = ['file', 'directory', 'env'] as const;

export function knownProviders(
  ours: readonly string[],
  others: readonly string[],
  ofWorker?: readonly string[],
): KnownProviders {
  const all = [...new Set([...ours, ...others])];
  const known = new Set(all);
  const own = new Set(ours);
  const answers = new Map<string, string | undefined>();
  const nearest = (provider: string) => {
    if (!answers.has(provider))
      answers.set(
        provider,
        all.find((name) => isSlipOf(provider, name)),
      );
    return answers.get(provider);
  };
  return {
    all,
    ofWorker,
    own: ours[0] ?? 'secret',
    isOurs: (provider) => own.has(provider),
    isKnown: (provider) => known.has(provider),
    resemblesKnown: (provider) => known.has(provider) || nearest(provider) !== undefined,
    nearest,
  };
}

function isSlipOf(provider: string, name: string): boolean {
  // The distance costs length × length, and a provider may be as long as its file.
  if (Math.abs(provider.length - name.length) > 1) return false;
  const lower = provider.toLowerCase();
  const wanted = name.toLowerCase();
  return distance(lower, wanted) <= 1 || isSwap(lower, wanted);
}

/** Two neighbours in the wrong order: `sercet`. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
