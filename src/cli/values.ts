// Where a new value comes from: a prompt, stdin, a file, or a generator. Never an argument.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { secretCommand } from '../domain/shell-word.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { MAX_VALUE_BYTES, parseSecretValue, type SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import { askSecretly, type Io, readStdin } from './io.ts';
import { unreadable } from './text-file.ts';

export interface Place {
  path: SecretPath;
  key: SecretKey;
}

export interface ValueFlags {
  fromFile?: string;
  generate?: string;
  base64?: boolean;
  force?: boolean;
}

/** Fails with wrong-use, file-unreadable and the codes `value-…`. */
export async function fetchValue(
  io: Io,
  place: Place,
  fromStdin: boolean,
  flags: ValueFlags,
): Promise<SecretValue> {
  const bytes = await fetchBytes(io, place, fromStdin, flags);
  if (flags.base64 && bytes.length > MAX_BASE64_BYTES)
    throw new SecretregError('value-too-large', {
      ...place,
      limit: `${LIMIT} in base64, which makes it a third longer: at most ${MAX_BASE64_BYTES} bytes fit`,
    });
  const input = flags.base64 ? Buffer.from(bytes).toString('base64') : bytes;
  return checkedValue(place, input, flags.force, sourceWords(fromStdin, flags));
}

const LIMIT = `${MAX_VALUE_BYTES / 1024} KiB (${MAX_VALUE_BYTES} bytes)`;

/** Base64 writes four characters for three bytes. */
const MAX_BASE64_BYTES = (MAX_VALUE_BYTES / 4) * 3;

/** `source`: the words of the command line that say where the value comes from. Fails with the codes `value-…`. */
export function checkedValue(
  place: Place,
  input: Uint8Array | string,
  force: boolean | undefined,
  source: readonly string[],
): SecretValue {
  const parsed = parseSecretValue(input, { force: force ?? false });
  if (parsed.ok) return parsed.value;
  throw new SecretregError(parsed.problem, { ...place, source, limit: LIMIT });
}

/** The words that a suggested command needs to take the value from there; without them it would ask on the terminal. */
function sourceWords(fromStdin: boolean, { fromFile, base64 }: ValueFlags): string[] {
  return [
    ...(fromStdin ? ['-'] : []),
    ...(fromFile === undefined ? [] : ['--from-file', fromFile]),
    ...(base64 ? ['--base64'] : []),
  ];
}

async function fetchBytes(
  io: Io,
  place: Place,
  fromStdin: boolean,
  flags: ValueFlags,
): Promise<Uint8Array> {
  const sources = [fromStdin, flags.fromFile !== undefined, flags.generate !== undefined].filter(
    Boolean,
  );
  if (sources.length > 1) {
    throw new SecretregError('wrong-use', {
      reason: 'a value comes from one place: -, --from-file or --generate',
    });
  }
  if (flags.fromFile !== undefined) return fileBytes(flags.fromFile);
  if (flags.generate !== undefined) return Buffer.from(generate(flags.generate));
  // What `echo` and editors put at the end of a line is not part of a password.
  if (fromStdin) return withoutFinalNewline(await readStdin(io), flags);
  if (!io.stdin.isTTY) {
    throw new SecretregError(
      'wrong-use',
      { reason: 'there is no terminal to ask on' },
      { hint: `… | ${secretCommand('put', [place.path, place.key, '-'])}` },
    );
  }
  return Buffer.from(await askSecretly(io, `value for ${place.path}:${place.key}: `));
}

/** A file, byte for byte. Fails with file-unreadable. */
export function fileBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits only: they live in URLs, JAAS strings and properties without escapes. */
function generate(length: string): string {
  const count = Number(length);
  if (!/^[0-9]+$/.test(length) || count < 12 || count > 4096) {
    throw new SecretregError('wrong-use', { reason: '--generate takes a length from 12 to 4096' });
  }
  return Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

function withoutFinalNewline(bytes: Uint8Array, flags: ValueFlags): Uint8Array {
  if (flags.base64 || bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
