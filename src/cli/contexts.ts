// A context: a registry that has a name in the user's file, with what is needed to use it. It is chosen by --context, by
// SECRETREG_CONTEXT, or by `secretreg context use`, and nothing of it is used for another registry.
import { SecretregError } from '../errors.ts';
import type { Io } from './io.ts';
import type { ContextSettings, FileSettings } from './settings-file.ts';
import type { SharedFlags } from './settings.ts';

export interface ChosenContext {
  name: string;
  settings: ContextSettings;
  /** The user's file: what the context names is relative to its folder. */
  file: string;
  /** How it was chosen, from the strongest to the weakest. */
  by: 'flag' | 'environment' | 'file';
  /** For people: `context prod (--context)`. */
  origin: string;
}

/** Fails with wrong-use or settings-invalid. */
export function chosenContext(
  { context, registry }: SharedFlags,
  env: Io['env'],
  user: FileSettings | undefined,
  userFile: string,
): ChosenContext | undefined {
  if (context !== undefined && registry !== undefined)
    throw new SecretregError('wrong-use', {
      reason: '--context and --registry exclude each other: a context names its registry',
    });
  const variable = env['SECRETREG_CONTEXT'] || undefined;
  const place = { user, userFile };
  if (context !== undefined) return named(context, 'flag', '--context', place);
  if (registry !== undefined) return undefined;
  if (variable !== undefined) {
    if (env['SECRETREG_REGISTRY'])
      throw new SecretregError('settings-invalid', {
        place: 'SECRETREG_CONTEXT',
        reason: 'SECRETREG_REGISTRY is set too, and only one of them can name the registry',
      });
    return named(variable, 'environment', 'SECRETREG_CONTEXT', place);
  }
  if (user?.context === undefined) return undefined;
  return named(user.context, 'file', userFile, place);
}

function named(
  name: string,
  by: ChosenContext['by'],
  from: string,
  { user, userFile }: { user: FileSettings | undefined; userFile: string },
): ChosenContext {
  const settings = user?.contexts.get(name);
  if (settings !== undefined)
    return { name, settings, file: userFile, by, origin: `context ${name} (${from})` };
  throw noContext(name, userFile, user?.contexts ?? new Map(), from);
}

export function noContext(
  name: string,
  file: string,
  contexts: ReadonlyMap<string, ContextSettings>,
  from = file,
): SecretregError {
  const names = [...contexts.keys()];
  const verb = names.length === 1 ? 'is' : 'are';
  const there = names.length === 0 ? 'none is defined' : `there ${verb} ${names.join(', ')}`;
  const where = from === file ? '' : ` in ${file}`;
  return new SecretregError(
    'settings-invalid',
    { place: from, reason: `there is no context '${name}'${where}; ${there}` },
    { hint: 'secretreg context set NAME --registry URL' },
  );
}
