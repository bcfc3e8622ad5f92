// What a listener really speaks, asked where a connection broke before it was of use: a broker says nothing of TLS to a
// client without it, and closes on one that should log in. No credential is sent, and nothing that is answered is
// trusted for more than a sentence.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { SecurityProtocol } from './security.ts';

export interface Listener {
  protocol: SecurityProtocol;
  /** Those that it lets log in; empty without SASL. */
  mechanisms: string[];
}

const PROBE_MS = 3000;
const SASL_HANDSHAKE = 17;
const CORRELATION = 1;

/** Undefined where nobody answers in a way that is known. */
export async function probeListener(address: string): Promise<Listener | undefined> {
  const [host = '', port = ''] = address.split(':');
  const inClear = await handshake(() => connect({ host, port: Number(port) }), 'connect');
  if (inClear !== undefined) return listener(inClear, 'PLAINTEXT');
  const { connect: connectTls } = await import('node:tls');
  const { isIP } = await import('node:net');
  // Who it is does not matter here: it is asked what it speaks, and hears nothing.
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
      if (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) return mechanismsIn(bytes);
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

function mechanismsIn(bytes: Buffer): string[] | undefined {
  // A TLS alert, or another protocol, has other bytes here.
  if (bytes.readInt32BE(4) !== CORRELATION) return undefined;
  let at = 10;
  const names: string[] = [];
  for (let left = bytes.readInt32BE((at += 4) - 4); left > 0; left -= 1) {
    const length = bytes.readInt16BE((at += 2) - 2);
    names.push(bytes.toString('utf8', at, (at += length)).replace(/[^A-Za-z0-9-]/g, '?'));
  }
  return names;
}
