// Which provider names a reference may have, and which other names are slips of them.
import type { ProviderNames } from '../domain/reference-fault.ts';
import { isOneEdit } from './one-edit.ts';

export interface KnownProviders extends ProviderNames {
  readonly all: readonly string[];
  /** All that the worker has, where its file tells them. */
  readonly ofWorker: readonly string[] | undefined;
  /** The registry's first name, for hints. */
  readonly own: string;
  /** The first known name that is the same but for case and one edit. */
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
        all.find((name) => isOneEdit(provider, name)),
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
