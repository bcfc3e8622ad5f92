// Names and numbers from the command line, parsed once at this border.
import type { Command } from 'commander';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import type { Target } from '../domain/registry.ts';
import { shellWord } from '../domain/shell-word.ts';
import { parseVersion, type Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import { askYes, type Io } from './io.ts';

/** `key`: the word behind the path, where there is one. */
export function pathArgument(
  text: string,
  { key, hint: own }: { key?: string | undefined; hint?: string | undefined } = {},
): SecretPath {
  const parsed = parsePath(text);
  if (parsed.ok) return parsed.value;
  const hint = own ?? (key === undefined ? pathAndKey(text) : undefined);
  throw new SecretregError('bad-path', { path: text, reason: parsed.problem }, { hint });
}

/** `orders:password` or a whole reference as the two words that it should be. */
function pathAndKey(text: string): string | undefined {
  const [, path = '', key = ''] = /^(?:\$\{[^:]+:)?([^:]+):([^:}]+)\}?$/.exec(text) ?? [];
  if (!parsePath(path).ok || !parseKey(key).ok) return undefined;
  return `${shellWord(path)} ${shellWord(key)}    (the path and the key are two words)`;
}

export function keyArgument(text: string): SecretKey {
  const parsed = parseKey(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-key', { key: text, reason: parsed.problem });
}

export function versionArgument(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-version', { version: text, reason: parsed.problem });
}

export function targetArguments(
  path: string,
  key: string | undefined,
  version: string | undefined,
): Target {
  if (version !== undefined && key === undefined) {
    throw new SecretregError('wrong-use', {
      reason: '--version needs a KEY: versions are counted for each key',
    });
  }
  return {
    path: pathArgument(path, { key }),
    ...(key !== undefined && { key: keyArgument(key) }),
    ...(version !== undefined && { version: versionArgument(version) }),
  };
}

/** For an option that may be given several times. */
export function severalTimes(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** For an option of which the last one must not count without a word. Fails with wrong-use. */
export function onlyOnce(option: string): (text: string, before: string | undefined) => string {
  return (text, before) => {
    if (before === undefined) return text;
    throw new SecretregError('wrong-use', { reason: `${option} is given twice, and takes one` });
  };
}

/** Asks on a terminal; elsewhere demands --yes. Answers whether to go on. */
export async function confirm(
  io: Io,
  yes: boolean | undefined,
  what: string,
  command: string,
): Promise<boolean> {
  if (yes) return true;
  if (!io.stdin.isTTY || !io.stderr.isTTY)
    throw new SecretregError('not-confirmed', { what, command });
  return askYes(io, `${what}?`);
}

/** The flags of every command that works on a registry. */
export function sharedOptions(command: Command): Command {
  return localOptions(command, 'the registry: file:PATH, kafka://host:9092/topic or https://host')
    .option('--token-file <file>', 'over REST: the file that holds your token')
    .option('--ca-file <file>', "over REST: the certificate of the server's authority")
    .option('--client-cert <file>', 'over REST: a certificate that says who you are')
    .option('--client-key <file>', 'over REST: its key')
    .option('--insecure-http', 'over REST: http:// to another machine, in clear');
}

/** The flags of a command that works on a registry in a file or a topic, and never over REST. */
export function localOptions(
  command: Command,
  registry = 'the registry: file:PATH or kafka://host:9092/topic',
): Command {
  return command
    .option('--registry <url>', registry)
    .option('--context <name>', 'the registry of this context instead, see secretreg context')
    .option('--master-key-file <file>', 'the file that holds the master key')
    .option('--master-key-command <command>', 'a command that prints the master key')
    .option(
      '--accept-key-file <file>',
      'a key that is coming or going: used too, before, in and after a change; may be given several times',
      severalTimes,
    )
    .option('--worker-config <file>', "the worker's file, with config.providers.<name>.param.*");
}
