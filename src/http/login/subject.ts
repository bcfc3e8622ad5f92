// The subject of a certificate as Java writes it (X500Principal.getName, RFC 2253), for rules that were written for
// Kafka to mean the same here: the last part first, Java's names of attributes, its escapes.
import type { PeerCertificate } from '../caller.ts';

/** Undefined where there is no subject. */
export function subjectOf(certificate: PeerCertificate['certificate']): string | undefined {
  // Node writes one part a line, each value escaped (RFC 2253, and control characters as \XX): neither a line end nor
  // ` + ` can come out of a value.
  const { subject } = certificate as { subject: string | undefined };
  if (subject === undefined || subject === '') return undefined;
  return subject
    .split('\n')
    .toReversed()
    .map((part) => part.split(' + ').map(asJava).join('+'))
    .join(',');
}

/** Java's names of attributes, by OpenSSL's. An attribute in neither table keeps OpenSSL's name. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([['street', 'STREET']]);

/** Attributes that Java writes as number and DER; the type of the string is fixed by the standards (PKCS #9, X.520). */
const NUMBERED: ReadonlyMap<string, { oid: string; tag: number }> = new Map([
  ['emailAddress', { oid: '1.2.840.113549.1.9.1', tag: 0x16 }],
  ['serialNumber', { oid: '2.5.4.5', tag: 0x13 }],
]);

function asJava(attribute: string): string {
  const equals = attribute.indexOf('=');
  const name = attribute.slice(0, equals);
  const value = unescaped(attribute.slice(equals + 1));
  const numbered = NUMBERED.get(name);
  if (numbered !== undefined) return `${numbered.oid}=#${der(numbered.tag, value)}`;
  return `${KEYWORDS.get(name) ?? name}=${escaped(value)}`;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-9A-F]{2}|.)/g, (_, escape: string) =>
    escape.length === 2 ? String.fromCharCode(Number.parseInt(escape, 16)) : escape,
  );
}

function escaped(value: string): string {
  return value
    .replace(/[,=+<>#;"\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ \r]+|[ \r]+$/g, (blanks) => blanks.replace(/./gs, '\\$&'));
}

function der(tag: number, value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  // A length from 128 on has a byte of its own before it, and more from 256 on (X.690, 8.1.3).
  const length =
    bytes.length < 128
      ? [bytes.length]
      : bytes.length < 256
        ? [0x81, bytes.length]
        : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]).toString('hex');
}
