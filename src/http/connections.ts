// The connections of a server, for those who end them. Node closes only those that have been answered and wait: one on which
// nothing was ever asked would hold the server, and once it closes nobody looks any more for requests that come too slowly.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

export class Connections {
  /** What is being answered on each that can carry requests. */
  readonly #asked = new Map<Socket, Set<ServerResponse>>();
  /** All, those in the middle of a TLS handshake too. */
  readonly #all = new Set<Socket>();
  #ending = new AbortController();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#all.add(socket);
      socket.once('close', () => this.#all.delete(socket));
    });
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#asked.set(socket, new Set());
      socket.once('close', () => this.#asked.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#asked.get(socket)?.add(response);
      response.once('close', () => this.#asked.get(socket)?.delete(response));
    });
  }

  /** For an answer that would go on: aborted when the connections that there are now end. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Ends those on which nothing is being answered, each of the others once that is done (an answer that was begun before said
   * that its connection stays), and after that time all.
   */
  end(withinMs: number): void {
    this.#ending.abort();
    const endIdle = (socket: Socket, asked: ReadonlySet<ServerResponse>) => {
      if (asked.size === 0) socket.destroySoon();
    };
    for (const [socket, asked] of this.#asked) {
      if (asked.size === 0) socket.destroy();
      for (const response of asked) response.once('close', () => endIdle(socket, asked));
    }
    setTimeout(() => {
      for (const socket of this.#all) socket.destroy();
    }, withinMs).unref();
  }

  /** Ends those that there are now, each once what was asked on it is answered. */
  renew(): void {
    for (const [socket, asked] of this.#asked) {
      if (asked.size === 0) socket.destroy();
      for (const response of asked) response.once('finish', () => socket.destroySoon());
    }
    this.#ending.abort();
    this.#ending = new AbortController();
  }
}
