// Says why a server gave no answer, or one that is not a registry's or a worker's.
import type { IncomingHttpHeaders } from 'node:http';
import type { Unanswered } from './exchange.ts';

/** Who is asked, and the options of the command line that name its address and what proves who asks. */
export interface Party {
  noun: 'registry' | 'worker';
  address: string;
  ca: string;
  /** The option by which an authority was given, where one was. */
  givenCa?: string;
  client: string;
  /** What to check where nothing listens there. */
  down: string;
}

export const REGISTRY: Party = {
  noun: 'registry',
  address: '--registry',
  ca: '--ca-file FILE    (the certificate of the authority; or SECRETREG_CA_FILE)',
  client: '--client-cert FILE --client-key FILE',
  down: 'does the server run, and is this a port of its own?',
};

export interface Fault {
  /** A clause behind "the registry cannot be used: ". */
  reason: string;
  hint?: string;
}

/** An answer that is not the JSON of such a party. */
export type Alien = { status: number; headers: IncomingHttpHeaders };

export function faultOf(party: Party, { cause, seconds }: Unanswered, url: URL): Fault {
  if (seconds !== undefined) return { reason: `no answer for ${seconds} s` };
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? FAULTS.get(code) : undefined;
  if (message === 'aborted') return BROKEN_OFF;
  if (known !== undefined) return known(url, party, cause);
  const name = typeof code === 'string' ? code : '';
  if (name.startsWith('HPE_'))
    return { reason: 'what answers there does not speak HTTP', hint: otherScheme(url, party) };
  if (name.startsWith('ERR_SSL') || name === 'EPROTO') return tlsFault(name, message, url, party);
  return { reason: `no connection came about${name === '' ? '' : ` (${name})`}` };
}

const BROKEN_OFF: Fault = { reason: 'the connection was closed before the answer was complete' };

/** Closed before anything came: so do servers that expect TLS. */
const closed = (url: URL, party: Party): Fault =>
  url.protocol === 'http:' ? { ...BROKEN_OFF, hint: otherScheme(url, party) } : BROKEN_OFF;

const untrusted = ({ host, port }: URL, { ca, givenCa }: Party): Fault =>
  givenCa === undefined
    ? { reason: 'its certificate is of no authority that is trusted here', hint: ca }
    : {
        reason: `its certificate is not of an authority in the file of ${givenCa}`,
        hint: `openssl s_client -showcerts -connect ${port === '' ? `${host}:443` : host} </dev/null    (shows of which it is)`,
      };

/** Told by OpenSSL's words: the same fault has a code of its own or, if it was met while reading, the code EPROTO. */
function tlsFault(name: string, message: unknown, url: URL, party: Party): Fault {
  const words = `${name.replaceAll('_', ' ')} ${String(message)}`.toLowerCase();
  if (/wrong version number|packet length too long|http request|record layer failure/.test(words))
    return { reason: 'what answers there does not speak TLS', hint: otherScheme(url, party) };
  if (/alert (?:certificate required|bad certificate|unknown ca|handshake failure)/.test(words))
    return {
      reason: 'it takes no client without a certificate of an authority that it trusts',
      hint: party.client,
    };
  return { reason: `no TLS connection came about (${name})` };
}

type Tell = (url: URL, party: Party, cause: unknown) => Fault;

const FAULTS: ReadonlyMap<string, Tell> = new Map<string, Tell>([
  ['ECONNREFUSED', (_url, { down }) => ({ reason: 'connection refused', hint: down })],
  ['ECONNRESET', closed],
  ['EPIPE', closed],
  ['ETIMEDOUT', () => ({ reason: 'no connection came about in time' })],
  ['EHOSTUNREACH', () => ({ reason: 'there is no way to this host from here' })],
  ['ENETUNREACH', () => ({ reason: 'there is no way to this host from here' })],
  ['ENOTFOUND', (url) => ({ reason: `there is no host '${url.hostname}'` })],
  ['EAI_AGAIN', (url) => ({ reason: `the host '${url.hostname}' could not be looked up` })],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['CERT_SIGNATURE_FAILURE', untrusted],
  ['CERT_HAS_EXPIRED', () => ({ reason: 'its certificate has expired' })],
  [
    'CERT_NOT_YET_VALID',
    () => ({ reason: 'its certificate is not valid yet: is the clock of this machine right?' }),
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    ({ hostname }, _, cause) => ({
      reason: `its certificate is not for the name '${hostname}'${onlyFor(namesIn(cause))}`,
    }),
  ],
]);

/** No hint to use one of them: who has a certificate for another name may stand in between, and would get the log-in. */
function onlyFor(names: readonly string[]): string {
  return names.length === 0 ? '' : `, only for ${names.join(', ')}`;
}

/** The first names of a certificate, which Node writes so: `DNS:localhost, IP Address:127.0.0.1`. Odd ones stand in quotes there. */
function namesIn(cause: unknown): string[] {
  const { cert } = cause as { cert?: { subjectaltname?: unknown } };
  const text = cert?.subjectaltname;
  if (typeof text !== 'string') return [];
  const names = text.split(', ').flatMap((name) => NAME.exec(name)?.[1] ?? []);
  return names.length <= MOST_NAMES ? names : [...names.slice(0, MOST_NAMES), '…'];
}

const NAME = /^(?:DNS|IP Address):([\w.*:-]{1,253})$/;
const MOST_NAMES = 5;

function otherScheme({ protocol, host }: URL, { address }: Party): string {
  const other = protocol === 'https:' ? 'http:' : 'https:';
  return `${address} ${other}//${host}    (if that is what it speaks)`;
}

/** A redirect is not followed: the caller's credentials would go along. */
export function redirectFault(party: Party, { status, headers }: Alien, url: URL): Fault {
  const target = URL.canParse(headers.location ?? '', url.href)
    ? new URL(headers.location ?? '', url).origin
    : undefined;
  return {
    reason: `it sends on to another address (${status}${target === undefined ? '' : `, ${target}`}), and is not followed`,
    ...(target !== undefined &&
      target !== url.origin &&
      /^https?:/.test(target) && {
        hint: `${party.address} ${target}    (if that is an address of the ${party.noun})`,
      }),
  };
}

/** For a proxy's web page, an empty answer, or one that breaks off in the middle. */
export function alienFault({ noun }: Party, { status, headers }: Alien): Fault {
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(headers['content-type'] ?? '')?.[0] ?? 'no content type';
  if (status === 407) return { reason: 'a proxy in between wants a log-in (407)' };
  if (status === 404)
    return {
      reason: `there is no ${noun} at this address: it answered 404 with ${type}`,
      hint: `does the address need a path, as a proxy in front of the ${noun} may have one?`,
    };
  if (status === 502 || status === 503 || status === 504)
    return { reason: `a proxy in front of it does not reach it (${status})` };
  const isJson = /json/.test(type);
  return {
    reason: isJson
      ? `its answer (${status}) is not one that this secretreg understands`
      : `its answer (${status}) is ${type}, and not that of a ${noun}`,
    ...(!isJson && { hint: `is this the address of a ${noun}?` }),
  };
}
