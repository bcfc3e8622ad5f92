// What a command line named of its registry, for the command that is suggested next: without it that one would work on
// another registry, with another key, or as somebody else.
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { shownAddress } from '../store/shown-address.ts';
import type { SharedFlags } from './settings.ts';

/** The error with what was named behind each command of its hint, but for the remark at its end. */
export function withNamedRegistry<E>(error: E, flags: SharedFlags): E | SecretregError {
  if (!(error instanceof SecretregError) || error.hint === undefined) return error;
  const [all, commands = ''] = BEFORE_REMARK.exec(error.hint) ?? [''];
  const named = commands.replace(COMMAND, (command) =>
    OTHERS.test(command) ? command : `${command}${registryWords(flags, command)}`,
  );
  const hint = `${named}${error.hint.slice(all.length)}`;
  if (hint === error.hint) return error;
  return new SecretregError(error.code, error.params, { hint, text: error.message, cause: error });
}

// Names in quotes may hold anything.
const BEFORE_REMARK = /^((?:'[^']*'|(?! {4})[^'])*)/;
const COMMAND = /secretreg [a-z](?:'[^']*'|[^';&|])*(?<! )/g;
/** Commands that take no registry, and hints that name it already. */
const OTHERS =
  /^secretreg (?:context|keygen|completion|where-used|serve)\b|--(?:help|explain|registry|context)\b/;

/** Each with a space before it, but for what the command has already. The text of a command for the key may be a secret. */
export function registryWords(flags: SharedFlags, command = ''): string {
  const { registry } = flags;
  const isFile = registry?.startsWith('file:') === true;
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
