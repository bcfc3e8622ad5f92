// What a command line named of its registry, for the command that is suggested next: without it that one would work on
// another registry, or with another key.
import { shellWord } from '../domain/shell-word.ts';
import { hasCode, SecretregError } from '../errors.ts';
import type { SharedFlags } from './settings.ts';

/** The hint makes, or lists, the registry that was named. Every other error stays as it is. */
export function withNamedRegistry<E>(error: E, flags: SharedFlags): E | SecretregError {
  const isOfRegistry = hasCode(error, 'no-registry') || hasCode(error, 'registry-exists');
  if (!isOfRegistry || error.hint === undefined) return error;
  const hint = `${error.hint}${registryWords(flags, error.params.place)}`;
  if (hint === error.hint) return error;
  return new SecretregError(error.code, error.params, { hint, cause: error });
}

/** With a space before each of them. The text of a command for the key may be a secret itself. */
export function registryWords(flags: SharedFlags, place: string): string {
  const { registry, context, workerConfig, masterKeyFile, masterKeyCommand } = flags;
  return [
    option('--registry', registry && place),
    option('--context', context),
    option('--worker-config', workerConfig),
    option('--master-key-file', masterKeyFile),
    masterKeyCommand === undefined ? '' : ' --master-key-command …',
  ].join('');
}

function option(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : ` ${name} ${shellWord(value)}`;
}
