// The text of a connector file, which may be anything: a file that was found in a folder was named by nobody, so it must
// neither block the run nor fill the memory.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { looksLikeProperties } from '../documents/properties/recognise.ts';
import { mentionsConnector } from '../documents/shapes.ts';
import { shellWord } from '../domain/shell-word.ts';
import { textOfUtf8 } from '../domain/utf8.ts';
import { SecretregError } from '../errors.ts';
import { STDIN } from '../validator/diagnostic.ts';

/**
 * In bytes. Kafka Connect keeps the settings of a connector in one record, of a mebibyte unless a broker is told otherwise: a
 * file of this size may still describe thousands.
 */
const LARGEST = 32 * 2 ** 20;

export interface FileKind {
  /** True for a file that need not be a connector's. */
  found: boolean;
  /** True where somebody named it: then it may be a pipe. */
  isNamed?: boolean;
  /** True where the listing of its folder says that it is a file: a stat of each of thousands takes a tenth of all time. */
  isRegular: boolean;
}

/** Fails with file-unreadable, and with what the system says. */
export function connectorText(file: string, kind: FileKind): string {
  return (kind.isRegular ? shortText(file, kind.found) : undefined) ?? textOfAnyKind(file, kind);
}

function textOfAnyKind(file: string, { found, isNamed = !found }: FileKind): string {
  const stats = statSync(file);
  if (!stats.isFile()) {
    if (!isNamed) throw unreadable(file, 'it is a pipe, a socket or a device');
    return decoded(allBytes(file), file, found);
  }
  if (stats.size <= LARGEST) return checkedText(readFileSync(file), file, found);
  // The data of other programs may be of any size.
  if (found && !mentionsConnectorInParts(file)) return '';
  throw tooLarge(file, found);
}

/** Fails with file-unreadable where it is not UTF-8; empty for a file that was found and has nothing to do with connectors. */
export function decoded(bytes: Uint8Array, file: string, found = false): string {
  const encoding = otherEncodingOf(bytes);
  const text = encoding === undefined ? textOfUtf8(bytes) : undefined;
  if (text !== undefined) return text;
  // The texts and scripts of other programs may be in any encoding.
  if (found && !mentionsConnector(asciiIn(bytes))) return '';
  if (encoding !== undefined) throw inOtherEncoding(file, encoding);
  // Java has always read properties as ISO-8859-1.
  if (looksLikeProperties(Buffer.from(bytes).toString('latin1'))) throw inLatin1(file);
  throw unreadable(file, 'it is not UTF-8 text');
}

/** What of a text in any of these encodings is ASCII, as all is that tells of a connector: UTF-16 puts zeros between. */
function asciiIn(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '');
}

/** Nearly every file fits into it. */
const SHORT = 2 ** 16;
let shortBytes: Buffer | undefined;

/** undefined for a longer file. */
function shortText(file: string, found: boolean): string | undefined {
  shortBytes ??= Buffer.allocUnsafeSlow(SHORT);
  const descriptor = openSync(file, 'r');
  try {
    // A read that gives fewer bytes than it was asked for has given the whole file.
    const length = readSync(descriptor, shortBytes);
    return length === SHORT ? undefined : checkedText(shortBytes.subarray(0, length), file, found);
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes that are no UTF-8 become U+FFFD; the few files that hold it, or begin with a zero, are decoded with all checks. */
function checkedText(bytes: Buffer, file: string, found: boolean): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') || text.slice(0, 4).includes('\0')
    ? decoded(bytes, file, found)
    : text;
}

/** The encoding, told by the byte order mark or by where the zeros of ASCII characters are (RFC 4627, 3). */
function otherEncodingOf([a, b, c, d]: Uint8Array): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const isZero = [a, b, c, d].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if ((a === 0xff && b === 0xfe && isZero === 'xx00') || isZero === 'x000') return 'UTF-32LE';
  if ((isZero === '00xx' && c === 0xfe && d === 0xff) || isZero === '000x') return 'UTF-32BE';
  if ((a === 0xff && b === 0xfe) || isZero === 'x0x0') return 'UTF-16LE';
  if ((a === 0xfe && b === 0xff) || isZero === '0x0x') return 'UTF-16BE';
  return undefined;
}

/** All bytes of what is no regular file, such as `<(helm template .)`. Fails with file-unreadable above LARGEST. */
function allBytes(file: string): Uint8Array {
  const parts: Buffer[] = [];
  let size = 0;
  for (const part of partsOf(file)) {
    size += part.length;
    if (size > LARGEST) throw tooLarge(file, false);
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** By far longer than what is looked for: each part is searched together with the end of the part before it. */
const OVERLAP = 1024;

function mentionsConnectorInParts(file: string): boolean {
  let before = '';
  for (const part of partsOf(file)) {
    const text = before + asciiIn(part);
    if (mentionsConnector(text)) return true;
    before = text.slice(-OVERLAP);
  }
  return false;
}

/** Each part is overwritten by the next one. */
function* partsOf(file: string): Iterable<Buffer> {
  const buffer = Buffer.allocUnsafe(2 ** 20);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function tooLarge(file: string, found: boolean): SecretregError {
  return unreadable(
    file,
    `it is larger than ${LARGEST / 2 ** 20} MiB, and no file of connectors is`,
    found
      ? "secretreg.yaml: validate: {exclude: ['data/**']}    (files that are not to be looked at)"
      : undefined,
  );
}

function inOtherEncoding(file: string, encoding: string): SecretregError {
  return unreadable(
    file,
    `it is ${encoding}, and connector files are UTF-8`,
    inUtf8(file, encoding),
  );
}

/** Kafka reads such a file as ISO-8859-1; ASCII, with `\\u` for all else, is right for every reader. */
function inLatin1(file: string): SecretregError {
  return unreadable(
    file,
    "it is not UTF-8 text: letters beyond ASCII stand in it as ISO-8859-1 has them, and '\\u' and four digits are right in any encoding",
    `${inUtf8(file, 'ISO-8859-1')}    (and then secretreg validate --fix, which writes them so)`,
  );
}

function inUtf8(file: string, encoding: string): string {
  const files = file === STDIN ? '' : ` ${shellWord(file)} > ${shellWord(`${file}.utf-8`)}`;
  return `iconv -f ${encoding} -t UTF-8${files}`;
}

function unreadable(file: string, reason: string, hint?: string): SecretregError {
  return new SecretregError('file-unreadable', { file, reason }, { hint });
}
