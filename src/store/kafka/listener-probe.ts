// Finds out what a listener really speaks, where a connection broke before it was of use: a broker does not tell a client that
// it expects TLS, and closes the connection of one that should log in. No credential is sent, and the answer is trusted for a
// message only.
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { SecurityProtocol } from './security.ts';

export interface Listener {
  protocol: SecurityProtocol;
  /** The SASL mechanisms by which it lets clients log in; empty without SASL. */
  mechanisms: string[];
}

const PROBE_MS = 3000;
/** A list of mechanisms is a few dozen bytes. */
const MOST_BYTES = 64 * 1024;
const SASL_HANDSHAKE = 17;
const CORRELATION = 1;
/** Behind length, correlation, error and the number of names. */
const NAMES_AT = 14;

/** Undefined where nobody answers in a way that is known. */
export async function probeListener(address: string): Promise<Listener | undefined> {
  const [host = '', port = ''] = address.split(':');
  const inClear = await handshake(() => connect({ host, port: Number(port) }), 'connect');
  if (inClear !== undefined) return listener(inClear, 'PLAINTEXT');
  const { connect: connectTls } = await import('node:tls');
  // Whose certificate it is does not matter here: the listener is asked what it speaks, and is told nothing.
  const options = { host, port: Number(port), rejectUnauthorized: false };
  const name = isIP(host) === 0 ? { servername: host } : {};
  const overTls = await handshake(() => connectTls({ ...options, ...name }), 'secureConnect');
  return overTls && listener(overTls, 'SSL');
}

function listener(mechanisms: string[], base: 'PLAINTEXT' | 'SSL'): Listener {
  return { protocol: mechanisms.length > 0 ? `SASL_${base}` : base, mechanisms };
}

/** Asks for a mechanism that nobody has: the answer lists those that there are, none on a listener without SASL. */
async function handshake(
  open: () => Socket,
  ready: 'connect' | 'secureConnect',
): Promise<string[] | undefined> {
  const socket = open();
  const signal = AbortSignal.timeout(PROBE_MS);
  try {
    await once(socket, ready, { signal });
    socket.write(request('?'));
    let bytes = Buffer.alloc(0);
    for await (const chunk of addAbortSignal(signal, socket) as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 4) continue;
      const end = 4 + bytes.readInt32BE(0);
      if (end < NAMES_AT || end > MOST_BYTES) return undefined;
      if (bytes.length >= end) return mechanismsIn(bytes.subarray(0, end));
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

/** SaslHandshake, version 1, with a header of version 1. */
function request(mechanism: string): Buffer {
  const name = Buffer.from(mechanism);
  const bytes = Buffer.alloc(16 + name.length);
  bytes.writeInt32BE(12 + name.length, 0);
  bytes.writeInt16BE(SASL_HANDSHAKE, 4);
  bytes.writeInt16BE(1, 6);
  bytes.writeInt32BE(CORRELATION, 8);
  bytes.writeInt16BE(-1, 12);
  bytes.writeInt16BE(name.length, 14);
  name.copy(bytes, 16);
  return bytes;
}

/** Undefined where the names do not fit into the bytes that there are: whoever answers may be anybody. */
function mechanismsIn(bytes: Buffer): string[] | undefined {
  // A TLS alert, or another protocol, has other bytes here.
  if (bytes.readInt32BE(4) !== CORRELATION) return undefined;
  const count = bytes.readInt32BE(NAMES_AT - 4);
  const names: string[] = [];
  let at = NAMES_AT;
  while (names.length < count && at + 2 <= bytes.length) {
    const end = at + 2 + bytes.readInt16BE(at);
    if (end < at + 2 || end > bytes.length) return undefined;
    names.push(bytes.toString('utf8', at + 2, end).replace(/[^A-Za-z0-9-]/g, '?'));
    at = end;
  }
  // A broker lists them in the order of a hash table.
  return names.length === count ? names.toSorted() : undefined;
}
