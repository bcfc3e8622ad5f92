// The connections of a server, so that they can be ended. Node closes only those that wait after an answer. One on which
// nothing was ever asked would keep the server from ending, and while it closes Node does not look for requests that come too
// slowly. One whose sender takes no answers is ended too.
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Requests of one connection (RFC 9112, 9.3.2) that wait for their answers at most. */
const MOST_ASKED = 16;

export class Connections {
  /** The answers under way on each connection that can carry requests. */
  readonly #asked = new Map<Socket, Set<ServerResponse>>();
  /** All connections, those in the middle of a TLS handshake too. */
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
    const answerers = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (this.#take(request.socket, response))
        for (const answer of answerers) answer(request, response);
    });
  }

  /** For an answer that goes on: aborted when `end` or `renew` is called. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Ends connections on which nothing is being answered, and each of the others once its answers are done: an answer that began
   * before has said that its connection stays open. Those that are left after the time are cut off.
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

  /** Ends the present connections, each once what was asked on it is answered. */
  renew(): void {
    for (const [socket, asked] of this.#asked) {
      if (asked.size === 0) socket.destroy();
      for (const response of asked) response.once('finish', () => socket.destroySoon());
    }
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /**
   * Node hands over every request of what it has read, more than a thousand at once, before it stops reading from a sender that
   * takes no answers: these would fill the memory.
   */
  #take(socket: Socket, response: ServerResponse): boolean {
    const asked = this.#asked.get(socket);
    if (asked === undefined || asked.size >= MOST_ASKED) {
      socket.destroy();
      return false;
    }
    asked.add(response);
    response.once('close', () => asked.delete(response));
    return true;
  }
}
