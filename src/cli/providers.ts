import { resolve } from 'node:path';
import { KAFKA_PROVIDERS } from '../validator/provider-names.ts';
import { severalTimes } from './arguments.ts';
import type { Io } from './io.ts';
import { settingsFiles } from './settings-places.ts';
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

/** The worker's names for the registry: those of a flag, else of the worker's own file, else of the project's, else `secret`. */
export function chosenNames(
  settings: Pick<Settings, 'workerConfig'>,
  ofFlag: readonly string[] | undefined,
  ofProject: readonly string[] | undefined,
): readonly string[] {
  const own = providersFor(settings).providerNames;
  return ofFlag ?? (settings.workerConfig === undefined ? ofProject : undefined) ?? own;
}

interface ProviderFlags {
  providerName?: string[];
  workerConfig?: string;
}

/** The same names, for a command that has not read the section `validate` of the project: it is read only where it counts. */
export async function providerNamesOf(
  io: Io,
  settings: Pick<Settings, 'workerConfig' | 'project'>,
  { providerName }: ProviderFlags,
): Promise<readonly string[]> {
  const { workerConfig, project } = settings;
  if (providerName !== undefined || workerConfig !== undefined || project?.validate === undefined)
    return chosenNames(settings, providerName, undefined);
  const { validateSettings } = await import('./validate-settings.ts');
  return chosenNames(settings, undefined, validateSettings(project, io.cwd).providerName);
}

/** The same for a command that needs nothing else of the settings. Fails with file-unreadable or settings-invalid. */
export async function providerNamesFor(io: Io, flags: ProviderFlags): Promise<readonly string[]> {
  const file = flags.workerConfig ?? io.env['SECRETREG_WORKER_CONFIG'] ?? '';
  const { project } = await settingsFiles(io);
  if (file === '') return providerNamesOf(io, { ...(project && { project }) }, flags);
  const { readWorkerConfig } = await import('./worker-config.ts');
  const workerConfig = await readWorkerConfig(resolve(io.cwd, file));
  return providerNamesOf(io, { workerConfig }, flags);
}

/** The option of commands that look for references, as commander takes it. */
export const PROVIDER_NAME = [
  '--provider-name <name>',
  "the worker's name for the registry (default: secret); may be given several times",
  severalTimes,
] as const;
