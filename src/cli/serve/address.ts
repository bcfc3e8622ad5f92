import { BlockList, isIP } from 'node:net';
import { SecretregError } from '../../errors.ts';

export interface Address {
  /** A name or an address, an IPv6 one without brackets. */
  host: string;
  port: number;
}

/** Reads `HOST:PORT`; an IPv6 address stands in brackets. Fails with wrong-use. */
export function parseAddress(text: string, setting: string): Address {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([^\]]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  const isOne =
    host !== undefined && port <= 65_535 && (bracketed === undefined || isIP(host) === 6);
  if (isOne) return { host, port };
  throw new SecretregError(
    'wrong-use',
    { reason: `${setting}: '${text}' is not HOST:PORT, such as 127.0.0.1:8185 or [::1]:8185` },
    /^\d{1,5}$/.test(text) ? { hint: `${setting} 127.0.0.1:${text}` } : {},
  );
}

/** Whether no two servers can listen on both. Port 0 is any that is free. */
export function isSamePlace(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  const [a, b] = [listenedOn(one), listenedOn(other)];
  const covers = (host: string, covered: string) =>
    host === '::' || (host === '0.0.0.0' && isIP(covered) !== 6);
  return a === b || covers(a, b) || covers(b, a);
}

/** Fastify would make a second server for the other address of `localhost`, which no reload of certificates reaches. */
export function listenedOn({ host }: Address): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}

/** One that may be free. */
export function anotherPort(address: Address): Address {
  return { ...address, port: address.port < 65_535 ? address.port + 1 : 8185 };
}

/** Whether only this machine can reach the host. Of names, this is sure of `localhost` alone (RFC 6761, 6.3). */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function showAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
