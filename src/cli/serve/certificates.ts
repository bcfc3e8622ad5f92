// The server's certificate, its key, and the authority of its clients: read, and refused with a clear reason, before OpenSSL
// gives one in its own words, or a client fails without any.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { shellWord } from '../../domain/shell-word.ts';
import { nodeCodeOf, SecretregError } from '../../errors.ts';
import { privateKeyText } from '../private-file.ts';
import { readTextFile } from '../text-file.ts';

export interface TlsFiles {
  certificate: string;
  key: string;
  clientAuthority?: string;
}

export interface LoadedTls {
  options: { cert: string; key: string; ca?: string };
  expiresAt: Date;
}

/** Fails with file-unreadable, readable-by-others or tls-refused. */
export function loadTls(files: TlsFiles, now: Date): LoadedTls {
  const cert = readTextFile(files.certificate);
  const key = privateKeyText(files.key, 'the key file');
  const ca = files.clientAuthority === undefined ? undefined : readTextFile(files.clientAuthority);
  const chain = certificatesIn(files.certificate, cert);
  const [own] = chain;
  requireFit(files, chain, privateKeyIn(files.key, key));
  requireTime(files.certificate, own, now);
  if (files.clientAuthority !== undefined && ca !== undefined) {
    for (const one of certificatesIn(files.clientAuthority, ca))
      requireTime(files.clientAuthority, one, now);
  }
  const options = { cert, key, ...(ca !== undefined && { ca }) };
  requireUsable(files, options);
  return { options, expiresAt: own.validToDate };
}

type Chain = readonly [X509Certificate, ...X509Certificate[]];

function certificatesIn(file: string, text: string): Chain {
  const blocks = text.match(CERTIFICATE) ?? [];
  const [first, ...others] = blocks.map((block) => parsed(file, block));
  if (first === undefined) throw refused(file, 'it holds no certificate in PEM');
  return [first, ...others];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function parsed(file: string, block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw refused(file, 'a certificate in it is damaged', { cause });
  }
}

function privateKeyIn(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    if (nodeCodeOf(cause) === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(text)) {
      const hint = `openssl pkey -in ${shellWord(file)} -out NEW.key`;
      throw refused(file, 'its key has a passphrase, for which a server cannot be asked', { hint });
    }
    throw refused(file, 'it holds no private key in PEM', { cause });
  }
}

function requireFit({ certificate, key }: TlsFiles, chain: Chain, privateKey: KeyObject): void {
  const [own, ...others] = chain;
  if (own.checkPrivateKey(privateKey)) return;
  if (others.some((one) => one.checkPrivateKey(privateKey))) {
    throw refused(
      certificate,
      'the certificate of the server has to be the first in it, before those of authorities',
    );
  }
  throw refused(key, `this key does not belong to the certificate in '${certificate}'`);
}

function requireTime(file: string, certificate: X509Certificate, now: Date): void {
  const [from, until] = [certificate.validFromDate, certificate.validToDate];
  if (now >= until) throw refused(file, `its certificate expired at ${until.toISOString()}`);
  if (now < from) {
    throw refused(
      file,
      `its certificate counts from ${from.toISOString()} only, and the clock here says ${now.toISOString()}`,
    );
  }
}

/** Refuses what else OpenSSL does not take, such as a key that is too short. */
function requireUsable({ certificate }: TlsFiles, options: LoadedTls['options']): void {
  try {
    createSecureContext(options);
  } catch (cause) {
    const reason = cause instanceof Error && 'reason' in cause ? String(cause.reason) : undefined;
    throw refused(certificate, `OpenSSL says: ${reason ?? 'no'}`, { cause });
  }
}

function refused(
  file: string,
  reason: string,
  options: { cause?: unknown; hint?: string } = {},
): SecretregError {
  return new SecretregError('tls-refused', { file, reason }, options);
}
