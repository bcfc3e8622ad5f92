// Which registry is meant.
import { dirname } from 'node:path';
import { addressOf } from './kafkastore.ts';
import { absolute } from './named-file.ts';
import type { Sources } from './settings.ts';
import { defaultRegistryFile, variable } from './settings-places.ts';

export interface Setting {
  value: string;
  /** Such as `--registry`, `SECRETREG_REGISTRY`, `/…/secretreg.yaml`, `default`. */
  origin: string;
}

/** The registry that the first of these places names. A context counts as much as the place that names it. */
export function registrySetting(sources: Sources): Setting {
  const { flags, io, context, files, worker, workerFile, fromEnvironment } = sources;
  const ofContext =
    context && settingOf(context.settings.registry, context.origin, dirname(context.file));
  const all = [
    settingOf(flags.registry, '--registry', io.cwd),
    context?.by === 'flag' ? ofContext : undefined,
    settingOf(addressOf(worker?.kafkastore ?? new Map()), workerFile ?? ''),
    settingOf(variable(io, 'SECRETREG_REGISTRY'), 'SECRETREG_REGISTRY', io.cwd),
    context?.by === 'environment' ? ofContext : undefined,
    settingOf(addressOf(fromEnvironment), 'SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS'),
    ...files.flatMap(({ file, registry }) => [
      file === context?.file ? ofContext : undefined,
      settingOf(registry, file, dirname(file)),
    ]),
  ];
  const first = all.find((one) => one !== undefined);
  return first ?? { value: `file:${defaultRegistryFile(io)}`, origin: 'default' };
}

export function isRest(registry: string): boolean {
  return /^https?:/i.test(registry);
}

export function absoluteRegistry(registry: string, folder: string): string {
  const file = fileOf(registry);
  return file === undefined ? registry : `file:${absolute(file, folder)}`;
}

/** The file of a registry `file:PATH`; undefined for any other one. */
export function fileOf(registry: string): string | undefined {
  return /^file:/i.test(registry) ? registry.slice('file:'.length) : undefined;
}

/** The name of a file is relative to `folder`; the address of a topic or a server stays as it is. */
function settingOf(
  registry: string | undefined,
  origin: string,
  folder = '/',
): Setting | undefined {
  return registry === undefined ? undefined : { value: absoluteRegistry(registry, folder), origin };
}
