import { KAFKA_PROVIDERS } from '../validator/provider-names.ts';
import type { Settings } from './settings.ts';

/** The worker's names for the registry, where its file tells them, and its other providers, whose references are not ours. */
export function providersFor({ workerConfig }: Settings): {
  providerNames: readonly string[];
  otherProviders: readonly string[];
} {
  if (workerConfig === undefined)
    return { providerNames: ['secret'], otherProviders: KAFKA_PROVIDERS };
  const { registryProviders, providers } = workerConfig;
  const providerNames = registryProviders.length > 0 ? registryProviders : ['secret'];
  return {
    providerNames,
    otherProviders: providers.filter((name) => !providerNames.includes(name)),
  };
}
