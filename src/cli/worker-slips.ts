// Names in a worker's file, or of variables, that can only be misspelt names of ours. Each of them is an error: the setting
// that was meant is missing, and without it another registry, or another key, would be used.
import { SecretregError } from '../errors.ts';
import { PREFIX, SETTINGS, slipOf, slipOfSetting } from '../store/kafka/setting-names.ts';
import { variableOf } from './kafkastore.ts';

const KEYS = ['master.encryption.key', 'master.encryption.old.key'] as const;

/** A setting that has no effect here; a note of worker-config.ts says why. */
const GROUP = 'secret.registry.group.id';

/** Beside `ssl.*`, what our provider in the worker has for its own registry, log-in and the like (connect/…/Setting.java). */
const OF_PROVIDER = [
  'url',
  'insecure.http',
  'token.file',
  'token',
  'basic.auth.user.info',
  'connect.timeout.ms',
  'request.timeout.ms',
  'retries',
  'total.timeout.ms',
  'down.memory.ms',
  'missing',
  'unreachable',
  'unreachable.max.age.ms',
  'ttl.ms',
] as const;

/** Fails with settings-invalid on the first name that is a slip. `names`: all of the file. */
export function refuseSlips(names: Iterable<string>, file: string): void {
  for (const name of names) {
    const meant = meantName(name);
    if (meant !== undefined)
      throw new SecretregError('settings-invalid', {
        place: file,
        reason: `'${name}' is not a setting that is known here, and nothing else is taken in its place; did you mean '${meant}'?`,
      });
  }
}

/** The unknown parameters, without `kafkastore.*`. */
export function unknownParams(params: Iterable<string>): string[] {
  const known = new Set<string>([...KEYS, GROUP, ...OF_PROVIDER]);
  const isKnown = (name: string) =>
    name.startsWith(PREFIX) || name.startsWith('ssl.') || known.has(name);
  return [...params].filter((name) => !isKnown(name));
}

/**
 * Refuses `config.providers.secrt.param.…` beside a provider `secret` that lacks just that parameter. Two providers that both
 * have all of them are no slip. Fails with settings-invalid.
 */
export function refuseSlipOfProvider(
  listed: readonly string[],
  params: ReadonlyMap<string, ReadonlyMap<string, string>>,
  file: string,
): void {
  for (const [provider, own] of params) {
    // Every name is near to one as short as `f`.
    const meant = provider.length < 4 ? undefined : slipOf(provider, listed);
    if (meant === undefined) continue;
    const lost = [...own.keys()].find((name) => isOurs(name) && !params.get(meant)?.has(name));
    if (lost !== undefined)
      throw new SecretregError('settings-invalid', {
        place: file,
        reason: `config.providers names '${meant}', and '${lost}' stands at '${provider}': one of the two is a slip, and nothing else is taken in its place`,
      });
  }
}

/** Such as `SECRETREG_KAFKASTORE_BOOTSTRAP_SERVER`, `SECRETREG_KAFKSTORE_TOPIC`. Fails with settings-invalid. */
export function refuseSlipsOfVariables(variables: Iterable<string>): void {
  for (const variable of variables) {
    const [, first = '', rest = ''] = /^SECRETREG_([^_]+)_(.+)$/.exec(variable) ?? [];
    const name = `${first}.${rest}`.toLowerCase().replaceAll('_', '.');
    const meant = meantParam(name);
    if (meant !== undefined && meant.startsWith(PREFIX))
      throw new SecretregError('settings-invalid', {
        place: variable,
        reason: `it is not a variable that is known here, and nothing else is taken in its place; did you mean ${variableOf(meant)}?`,
      });
  }
}

/** The right form of a line's name; undefined where it is right, or about something else. */
function meantName(name: string): string | undefined {
  const [, config = '', providers = '', provider = '', rest = ''] =
    /^([^.]+)\.([^.]+)\.([^.]+)\.(.+)$/.exec(name) ?? [];
  if (!isLike(config, 'config') || !isLike(providers, 'providers')) return undefined;
  const [, word = '', param = ''] = /^([^.]+)\.(.+)$/.exec(rest) ?? [];
  const meant = isLike(word, 'param')
    ? (meantParam(param) ?? (isOurs(param) ? param : undefined))
    : isOurs(rest)
      ? rest
      : undefined;
  if (meant === undefined) return undefined;
  const right = `config.providers.${provider}.param.${meant}`;
  return right === name ? undefined : right;
}

/** `kafkstore.topic` and `master.encryption.kye`: the right name of a parameter; undefined where it is none of ours. */
function meantParam(param: string): string | undefined {
  if (param.startsWith(PREFIX)) return slipOfSetting(param);
  const whole = slipOf(param, [...SETTINGS, ...KEYS]);
  if (whole !== undefined) return whole;
  const [, first = '', rest = ''] = /^([^.]+)\.(.+)$/.exec(param) ?? [];
  if (slipOf(first, [PREFIX.slice(0, -1)]) === undefined) return undefined;
  return slipOfSetting(`${PREFIX}${rest}`) ?? `${PREFIX}${rest}`;
}

function isOurs(param: string): boolean {
  return param.startsWith(PREFIX) || (KEYS as readonly string[]).includes(param);
}

function isLike(word: string, right: string): boolean {
  return word === right || slipOf(word, [right]) !== undefined;
}
