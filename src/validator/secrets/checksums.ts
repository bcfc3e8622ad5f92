// Checksums that token formats carry, so that a text of the same form is not taken for a token.

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * GitHub and npm: behind the prefix stand 30 random characters and the CRC-32 of those, in base 62, six digits.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
export function endsInBase62Crc(token: string): boolean {
  const random = token.slice(token.indexOf('_') + 1, -6);
  return toBase(crc32(random), BASE62).padStart(6, '0') === token.slice(-6);
}

/** Grafana's service accounts: behind the last `_` the CRC-32 of all in front of it, in hex, the low byte first. */
export function endsInLittleEndianCrc(token: string): boolean {
  const sign = token.lastIndexOf('_');
  const given = Number.parseInt(token.slice(sign + 1).replace(/(..)(..)(..)(..)/, '$4$3$2$1'), 16);
  return crc32(token.slice(0, sign)) === given;
}

/**
 * The account that an AWS access key id belongs to: bits 1 to 40 behind its prefix, in base 32. Twelve decimal digits
 * leave out one in eleven of what 40 bits can be.
 */
export function hasAwsAccount(id: string): boolean {
  let bits = 0n;
  for (const digit of id.slice(4)) bits = (bits << 5n) | BigInt(BASE32.indexOf(digit));
  return ((bits >> 39n) & ((1n << 40n) - 1n)) < 1_000_000_000_000n;
}

/** CRC-32 of ISO 3309, as in gzip, of a text of ASCII characters. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at) & 0xff;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function toBase(number: number, digits: string): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / digits.length)) {
    text = (digits[rest % digits.length] ?? '') + text;
  }
  return text;
}
