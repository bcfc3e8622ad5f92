// The connections of a server, for its end. Node closes only those that have been answered and wait: one on which nothing
// was ever asked would hold the server, and once it closes nobody looks any more for requests that come too slowly.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

export class Connections {
  /** How many requests are being answered on each that can carry some. */
  readonly #asked = new Map<Socket, number>();
  /** All, those in the middle of a TLS handshake too. */
  readonly #all = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#all.add(socket);
      socket.once('close', () => this.#all.delete(socket));
    });
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#asked.set(socket, 0);
      socket.once('close', () => this.#asked.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Ends those on which nothing is being answered, and after that time all. */
  end(withinMs: number): void {
    for (const [socket, asked] of this.#asked) if (asked === 0) socket.destroy();
    setTimeout(() => {
      for (const socket of this.#all) socket.destroy();
    }, withinMs).unref();
  }

  #count(socket: Socket, difference: number): void {
    const asked = this.#asked.get(socket);
    if (asked !== undefined) this.#asked.set(socket, asked + difference);
  }
}
