// PEM as Kafka takes it: a block may stand on one line, with spaces in place of line ends, since a value in a properties file
// has none. OpenSSL wants lines (RFC 7468), so each block is written anew.

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

export interface PemBlock {
  /** Such as `CERTIFICATE` or `ENCRYPTED PRIVATE KEY`. */
  label: string;
  text: string;
}

/** The blocks of a text, in order; what stands between them does not count. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([whole, label = '', body = '']) => ({
    label,
    // Old keys with `Proc-Type: 4,ENCRYPTED` have headers, whose lines count.
    text: body.includes(':') ? `${whole}\n` : rewritten(label, body),
  }));
}

function rewritten(label: string, body: string): string {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** What a file is by its first bytes; `unknown` may be PEM behind some text. */
export function storeKindOf(bytes: Uint8Array): 'JKS' | 'PKCS12' | 'unknown' {
  const magic = Buffer.from(bytes).subarray(0, 4).toString('hex');
  if (magic === 'feedfeed' || magic === 'cececece') return 'JKS';
  // A DER sequence with a long length.
  return /^308[0-4]/.test(magic) ? 'PKCS12' : 'unknown';
}
