// Clients that leave while their log-in is checked: what is done for them afterwards is told to nobody.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Caller } from '../../src/domain/audit-event.ts';
import { serve, type Served } from './serving.ts';

/** A server whose log-in of everybody waits for `release`. */
export async function serveSlowLogin(
  caller: Caller,
): Promise<{ served: Served; release: () => void }> {
  const gate = Promise.withResolvers<void>();
  const authenticate = async () => {
    await gate.promise;
    return caller;
  };
  return { served: await serve({ authenticate }), release: gate.resolve };
}

/** Sends requests and leaves; resolves once the server knows that all have gone. */
export async function leaveEarly(served: Served, head: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const accepted = once(served.app.server, 'connection') as Promise<[Socket]>;
    const asked = once(served.app.server, 'request');
    const socket = connect({ host: '127.0.0.1', port: served.port });
    socket.write(`${head}\r\nHost: x\r\n\r\n`);
    const [peer] = await accepted;
    await asked;
    const gone = once(peer, 'close');
    socket.destroy();
    await gone;
  }
}
