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
  /** Those among them that carry no requests yet, by the address of their peer. */
  readonly #unready = new Map<string, Socket>();
  readonly #outdated = new WeakSet<Socket>();
  #ending = new AbortController();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      this.#all.add(socket);
      this.#unready.set(peer, socket);
      socket.once('close', () => {
        this.#all.delete(socket);
        if (this.#unready.get(peer) === socket) this.#unready.delete(peer);
      });
    });
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#unready.delete(peerOf(socket));
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

  /**
   * Ends the present connections, each once what was asked on it is answered; what is asked on it from now on is asked on an
   * outdated connection. A handshake under way would end by the settings with which it began.
   */
  renew(): void {
    for (const socket of this.#unready.values()) socket.destroy();
    for (const [socket, asked] of this.#asked) {
      this.#outdated.add(socket);
      if (asked.size === 0) socket.destroy();
      for (const response of asked) response.once('finish', () => socket.destroySoon());
    }
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /** Whether it is a connection from before `renew`. */
  isOutdated(socket: Socket): boolean {
    return this.#outdated.has(socket);
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

/**
 * Asked for at once: Node keeps an address that it has told, and that of a connection which its peer has reset since cannot be
 * found out.
 */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
