import type { AddressInfo } from 'node:net';
import { nodeCodeOf, SecretregError } from '../../errors.ts';
import { type Address, anotherPort, listenedOn, showAddress } from './address.ts';

interface Listening {
  listen(options: { host: string; port: number }): Promise<unknown>;
  readonly server: { address(): AddressInfo | string | null };
}

/** Answers where it listens. Fails with port-in-use or cannot-listen. */
export async function listen(app: Listening, asked: Address, setting: string): Promise<Address> {
  try {
    await app.listen({ host: listenedOn(asked), port: asked.port });
  } catch (error) {
    throw failureOf(error, asked, setting);
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : asked;
}

function failureOf(error: unknown, asked: Address, setting: string): unknown {
  const code = nodeCodeOf(error);
  const address = showAddress(asked);
  if (code === 'EADDRINUSE') {
    const another = showAddress(anotherPort(asked));
    return new SecretregError('port-in-use', { address, setting, another }, { cause: error });
  }
  const reason = REASONS[code];
  if (reason === undefined) return error;
  const hint =
    code === 'EACCES' ? { hint: `${setting} ${showAddress({ ...asked, port: 8185 })}` } : {};
  return new SecretregError('cannot-listen', { address, reason }, { cause: error, ...hint });
}

const REASONS: Record<string, string> = {
  EACCES: 'you are not permitted to use this port',
  EADDRNOTAVAIL: 'no network interface of this machine has this address',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EAFNOSUPPORT: 'this machine has no IPv6',
};
