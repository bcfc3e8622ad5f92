// The options by which a command line named its registry, for the commands that its hints suggest: without them these would
// work on another registry, with another key, or as somebody else.
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { shownAddress } from '../store/shown-address.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { fileOf } from './registry-setting.ts';
import type { SharedFlags } from './settings.ts';

/** The error, with the options that named the registry in its hint. */
export function withNamedRegistry<E>(error: E, flags: SharedFlags): E | SecretregError {
  if (!(error instanceof SecretregError) || error.hint === undefined) return error;
  const hint = namingRegistry(error.hint, flags);
  if (hint === error.hint) return error;
  return new SecretregError(error.code, error.params, { hint, text: error.message, cause: error });
}

/**
 * The hint with these options behind each command. In the remark at its end only a command behind a colon is one to paste:
 * `(to store it: secretreg put orders password)`.
 */
export function namingRegistry(hint: string, flags: SharedFlags): string {
  const named = (command: string) =>
    OTHERS.test(command) ? command : `${command}${registryWords(flags, command)}`;
  const [commands = ''] = BEFORE_REMARK.exec(hint) ?? [];
  const remark = hint.slice(commands.length);
  return `${commands.replace(COMMAND, named)}${remark.replace(COMMAND_OF_REMARK, named)}`;
}

/** The findings, with these options in their hints. */
export function findingsNamingRegistry(
  files: readonly FileReport[],
  flags: SharedFlags,
): FileReport[] {
  return files.map((file) =>
    file.diagnostics.length === 0
      ? file
      : {
          ...file,
          diagnostics: file.diagnostics.map((found) =>
            found.hint === undefined
              ? found
              : { ...found, hint: namingRegistry(found.hint, flags) },
          ),
        },
  );
}

// A remark stands behind four spaces. Names in quotes may hold anything; a quote of their own stands between them as \'.
const BEFORE_REMARK = /^(?:'[^']*'|\\'|(?! {4})[^'])*/;
// No part of a reference: a path may hold blanks.
const COMMAND = /(?<!\S)secretreg [a-z](?:'[^']*'|\\'|[^';&|])*(?<! )/g;
const COMMAND_OF_REMARK = /(?<=: (?:… \| )?)secretreg [a-z](?:'[^']*'|\\'|[^'();&|])*(?=\)$)/g;
/** Commands that take no registry, and hints that name it already. */
const OTHERS =
  /^secretreg (?:context|keygen|completion|where-used|serve)\b|--(?:help|explain|registry|context)\b/;

/** Each option with a space before it, without those that `command` has already. A --master-key-command may hold a secret. */
export function registryWords(flags: SharedFlags, command = ''): string {
  const { registry } = flags;
  const isFile = registry !== undefined && fileOf(registry) !== undefined;
  const named = [
    option('--registry', isFile ? registry : registry && shownAddress(registry)),
    option('--context', flags.context),
    option('--worker-config', flags.workerConfig),
    option('--master-key-file', flags.masterKeyFile),
    flags.masterKeyCommand === undefined ? '' : ' --master-key-command …',
    option('--token-file', flags.tokenFile),
    option('--ca-file', flags.caFile),
    option('--client-cert', flags.clientCert),
    option('--client-key', flags.clientKey),
    flags.insecureHttp === true ? ' --insecure-http' : '',
  ];
  const has = (words: string) => command.includes(words.split(' ', 2).join(' '));
  return named.filter((words) => words !== '' && !has(words)).join('');
}

function option(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : ` ${name} ${shellWord(value)}`;
}
