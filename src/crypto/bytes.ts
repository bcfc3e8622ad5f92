// Texts and byte strings in the one form that is sealed, MACed or stored.

/** UTF-8. Half of a surrogate pair is refused: `Buffer.from` would silently make U+FFFD of it, so that two names had one seal. */
export function utf8(text: string): Buffer {
  requireUtf8(text);
  return Buffer.from(text, 'utf8');
}

/** Every part, a text as UTF-8, behind its length in bytes (u32, big-endian), so that no two lists of parts give the same bytes. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Buffer {
  let size = 0;
  for (const part of parts) {
    if (typeof part === 'string') requireUtf8(part);
    size += 4 + Buffer.byteLength(part);
  }
  const all = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const part of parts) {
    const length = put(part, all, offset + 4);
    all.writeUInt32BE(length, offset);
    offset += 4 + length;
  }
  return all;
}

/** Answers how many bytes it is. */
function put(part: Uint8Array | string, into: Buffer, at: number): number {
  if (typeof part === 'string') return into.write(part, at, 'utf8');
  into.set(part, at);
  return part.length;
}

function requireUtf8(text: string): void {
  if (!text.isWellFormed())
    throw new TypeError('a text with half of a surrogate pair has no UTF-8');
}

/** A whole number 0 … 2^53−1 in eight bytes, big-endian. */
export function u64(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * The bytes behind base64 of exactly this length in its one canonical form (RFC 4648, section 3.5), else undefined.
 * `Buffer.from` alone skips foreign characters, takes base64url and ignores spare bits.
 */
export function parseBase64(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined;
}
