import { resolve } from 'node:path';
import { KAFKA_PROVIDERS } from '../validator/provider-names.ts';
import { severalTimes } from './arguments.ts';
import type { Io } from './io.ts';
import type { Settings } from './settings.ts';

/** The worker's names for the registry, where its file tells them, and its other providers, whose references are not ours. */
export function providersFor({ workerConfig }: Pick<Settings, 'workerConfig'>): {
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

/** The same names for a command that needs nothing else of the settings. Fails with file-unreadable or settings-invalid. */
export async function providerNamesFor(
  io: Io,
  flags: { providerName?: string[]; workerConfig?: string },
): Promise<readonly string[]> {
  const file = flags.workerConfig ?? io.env['SECRETREG_WORKER_CONFIG'] ?? '';
  if (flags.providerName !== undefined) return flags.providerName;
  if (file === '') return providersFor({}).providerNames;
  const { readWorkerConfig } = await import('./worker-config.ts');
  return providersFor({ workerConfig: readWorkerConfig(resolve(io.cwd, file)) }).providerNames;
}

/** The option of commands that look for references, as commander takes it. */
export const PROVIDER_NAME = [
  '--provider-name <name>',
  "the worker's name for the registry (default: secret); may be given several times",
  severalTimes,
] as const;
