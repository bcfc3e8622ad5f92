// When a value ends by what it says of itself: a certificate or a JWT. Nothing of it is proven here, and nothing but that
// time is kept. Values come from anybody: each is gone over a fixed number of times, whatever stands in it, and what
// cannot be read has no end.
import { X509Certificate } from 'node:crypto';
import { timeOf } from '../domain/time.ts';

/** RFC 3339 in UTC with milliseconds: the earliest end of the PEM certificates in the text, or the `exp` of a JWT. */
export function endOf(text: string): string | undefined {
  return text.includes(BEGIN) ? endOfCertificates(text) : endOfJwt(text.trim());
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
/** No chain is longer; a bundle of authorities is, and its first end says nothing of a secret. */
const MOST_CERTIFICATES = 16;
/** Between two hyphens: one pass over the text, for none of these stands in another one. */
const BODY = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

function endOfCertificates(text: string): string | undefined {
  const ends: string[] = [];
  let count = 0;
  for (const [, body = ''] of text.matchAll(BODY)) {
    count += 1;
    if (count > MOST_CERTIFICATES) return undefined;
    const end = endOfCertificate(body);
    if (end !== undefined) ends.push(end);
  }
  return ends.sort()[0];
}

function endOfCertificate(body: string): string | undefined {
  // In one line of a properties file the ends of lines are written as \n.
  const base64 = body.replaceAll(/\\[nr]/g, '');
  try {
    const { validToDate } = new X509Certificate(Buffer.from(base64, 'base64'));
    const end = timeOf(validToDate.getTime());
    return end === NO_END ? undefined : end;
  } catch {
    return undefined;
  }
}

/** A certificate without a last day has this one (RFC 5280, section 4.1.2.5). */
const NO_END = '9999-12-31T23:59:59.000Z';

/** The last part is empty in a token without a signature (RFC 7519, section 6). */
const JWT = /^([\w-]+)\.([\w-]+)\.[\w-]*$/;

function endOfJwt(text: string): string | undefined {
  const [, head, claims] = JWT.exec(text) ?? [];
  if (head === undefined || claims === undefined) return undefined;
  if (typeof memberOf(head, 'alg') !== 'string') return undefined;
  const exp = memberOf(claims, 'exp');
  // Seconds since 1970, maybe with a fraction (NumericDate).
  return typeof exp === 'number' ? timeOf(exp * 1000) : undefined;
}

function memberOf(part: string, name: string): unknown {
  try {
    // Of what is no object null throws, and the others have no such member.
    const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    return Object.getOwnPropertyDescriptor(value, name)?.value;
  } catch {
    return undefined;
  }
}
