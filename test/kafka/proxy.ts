// Between clients and a broker: passes requests and answers on, but one kind of them can be lost, late or answered with
// an error, once, when a test says so. It knows the head of each message only: https://kafka.apache.org/protocol.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export const API = {
  produce: 0,
  addPartitionsToTxn: 24,
  endTxn: 26,
  initProducerId: 22,
  writeTxnMarkers: 27,
  describeAcls: 29,
} as const;

/** What reading asks for. */
export const READ_API = { fetch: 1, listOffsets: 2 } as const;

/** The first question on a connection. */
export const API_VERSIONS = 18;

/**
 * `lose-request`: it never reaches the broker, and the connection breaks. `lose-answer`: the broker did it, and the
 * connection breaks. `silence`: the broker did it, and no answer comes. `late`: the answer comes when the test says so.
 * `unexplained`: the broker did it, and the answer says UNKNOWN_SERVER_ERROR. `hold`: the request waits, for ever.
 * `refused`: the broker did it, and the answer says MESSAGE_TOO_LARGE, as to a repeat after the topic was altered.
 * `busy`: the broker did it, and the answer says CONCURRENT_TRANSACTIONS, as while it ends the transaction of another writer.
 */
export type Fault =
  | 'lose-request'
  | 'lose-answer'
  | 'silence'
  | 'late'
  | 'unexplained'
  | 'hold'
  | 'refused'
  | 'busy';

const CODES = { unexplained: -1, refused: 10, busy: 51 } as const;

export class Proxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #faults: { api: number; fault: Fault; met: () => void; lasting: boolean }[] = [];
  #late: (() => void)[] = [];
  /** Requests of each kind. */
  readonly asked = new Map<number, number>();
  target = 0;
  /** How long each request of ours is on its way, as to a broker far away. */
  latencyMs = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (client) => this.#serve(client));
  }

  static async start(): Promise<Proxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** What happens to the next request of this kind. Resolves once it has happened. */
  next(api: number, fault: Fault): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#faults.push({ api, fault, met: resolve, lasting: false });
    return promise;
  }

  /** What happens to each request of this kind from now on. Resolves once it has happened for the first time. */
  always(api: number, fault: Fault): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#faults.push({ api, fault, met: resolve, lasting: true });
    return promise;
  }

  forgetFaults(): void {
    this.#faults.length = 0;
  }

  /** Late answers go out. */
  release(): void {
    for (const send of this.#late.splice(0)) send();
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(client: Socket): void {
    const broker = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const asked = new Map<number, { api: number; fault: Fault; met: () => void }>();
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    const cut = () => client.destroy();
    eachMessage(client, (message) => {
      const api = message.readInt16BE(4);
      // Brokers ask each other too; of what they ask only the markers of transactions count here.
      const counts = api === API.writeTxnMarkers || clientOf(message) === 'secretreg';
      if (counts) this.asked.set(api, (this.asked.get(api) ?? 0) + 1);
      const fault = counts ? this.#take(api) : undefined;
      if (fault?.fault === 'hold') return fault.met();
      if (fault?.fault === 'lose-request') {
        cut();
        return fault.met();
      }
      if (fault !== undefined) asked.set(message.readInt32BE(8), { ...fault, api });
      if (counts && this.latencyMs > 0) setTimeout(() => broker.write(message), this.latencyMs);
      else broker.write(message);
    });
    eachMessage(broker, (message) => {
      const one = asked.get(message.readInt32BE(4));
      asked.delete(message.readInt32BE(4));
      if (one === undefined) return void client.write(message);
      if (one.fault === 'lose-answer') cut();
      if (one.fault === 'late') this.#late.push(() => client.write(message));
      if (one.fault === 'unexplained' || one.fault === 'refused' || one.fault === 'busy')
        client.write(withError(one.api, message, CODES[one.fault]));
      one.met();
    });
  }

  #take(api: number) {
    const index = this.#faults.findIndex((one) => one.api === api);
    const found = this.#faults[index];
    if (found !== undefined && !found.lasting) this.#faults.splice(index, 1);
    return found;
  }
}

/** Messages have their length in front. */
export function eachMessage(socket: Socket, handle: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      handle(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

function clientOf(message: Buffer): string {
  return message.toString('utf8', 14, 14 + Math.max(message.readInt16BE(12), 0));
}

/** The answer with another code in the place of its first error code. */
function withError(api: number, message: Buffer, code: number): Buffer {
  const changed = Buffer.from(message);
  // Behind length and correlation id: the code stands behind the throttle time, or behind the first partition of all.
  const inPartition = (array: number) => array + 4 + 2 + message.readInt16BE(array + 4) + 4 + 4;
  const at = {
    [API.produce]: () => inPartition(8),
    [API.addPartitionsToTxn]: () => inPartition(12),
  };
  changed.writeInt16BE(code, at[api as keyof typeof at]?.() ?? 12);
  return changed;
}
