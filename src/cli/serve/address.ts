import { BlockList, isIP } from 'node:net';
import { SecretregError } from '../../errors.ts';

export interface Address {
  /** A name or an address, an IPv6 one without brackets. */
  host: string;
  port: number;
}

/** Reads `HOST:PORT`; an IPv6 address stands in brackets. Fails with settings-invalid. */
export function parseAddress(text: string, setting: string): Address {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([^\]]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  const isOne =
    host !== undefined && port <= 65_535 && (bracketed === undefined || isIP(host) === 6);
  if (isOne) return { host, port };
  throw new SecretregError(
    'settings-invalid',
    { place: setting, reason: `'${text}' is not HOST:PORT, such as 127.0.0.1:8185 or [::1]:8185` },
    /^\d{1,5}$/.test(text) ? { hint: `${setting} 127.0.0.1:${text}` } : {},
  );
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
