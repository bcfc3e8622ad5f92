// A listener that is no broker: it greets everybody as one of SASL does, lets nobody in, and keeps what it hears.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { eachMessage } from './proxy.ts';

const LONGEST = 1024 * 1024;
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

export class FalseBroker {
  /** Everything that was said to it, by all connections. */
  heard = '';
  connections = 0;
  readonly #server: Server;
  readonly #mechanisms: readonly string[];
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, mechanisms: readonly string[]) {
    this.#server = server;
    this.#mechanisms = mechanisms;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** Without a mechanism it is a listener without SASL. */
  static async start(
    mechanisms: readonly string[] = ['PLAIN', 'OAUTHBEARER'],
  ): Promise<FalseBroker> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FalseBroker(server, mechanisms);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    // A TLS hello has other bytes in the place of the length: a broker closes there.
    socket.once('data', (chunk: Buffer) => chunk.readInt32BE(0) > LONGEST && socket.destroy());
    eachMessage(socket, (message) => {
      this.heard += message.toString('latin1');
      const answer = answerTo(message.readInt16BE(4), message.subarray(8, 12), this.#mechanisms);
      if (answer === undefined) socket.destroy();
      else socket.write(answer);
    });
  }
}

/** Up to the log-in, which gets none. */
function answerTo(
  api: number,
  correlation: Buffer,
  mechanisms: readonly string[],
): Buffer | undefined {
  if (api === API_VERSIONS) return message(correlation, versions());
  if (api === SASL_HANDSHAKE) return message(correlation, listOf(mechanisms));
  return undefined;
}

/** Of version 2: no error, an array of (api, least, most), no throttling. */
function versions(): Buffer {
  const known = [
    [SASL_HANDSHAKE, 0, 1],
    [API_VERSIONS, 0, 2],
    [SASL_AUTHENTICATE, 0, 1],
  ].flatMap((row) => row.map(int16));
  return Buffer.concat([int16(0), int32(3), ...known, int32(0)]);
}

function listOf(names: readonly string[]): Buffer {
  const all = names.flatMap((name) => [int16(name.length), Buffer.from(name)]);
  return Buffer.concat([int16(0), int32(names.length), ...all]);
}

function message(correlation: Buffer, body: Buffer): Buffer {
  return Buffer.concat([int32(correlation.length + body.length), correlation, body]);
}

function int16(value: number): Buffer {
  return int(2, value);
}

function int32(value: number): Buffer {
  return int(4, value);
}

function int(size: number, value: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return bytes;
}
