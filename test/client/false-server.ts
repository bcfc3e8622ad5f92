// A server on loopback that answers as a test says, and keeps what it was asked.
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answer = (response: ServerResponse, asked: Asked) => void;

export class FalseServer {
  readonly asked: Asked[] = [];
  /** For each request in turn; the last one for all that follow. */
  answers: Answer[];
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(answers: Answer[], tls: ServerOptions | undefined) {
    this.answers = answers;
    const serve = (request: IncomingMessage, response: ServerResponse) =>
      void this.#serve(request, response);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#scheme = tls === undefined ? 'http' : 'https';
  }

  static async start(answers: Answer[], tls?: ServerOptions): Promise<FalseServer> {
    const server = new FalseServer(answers, tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`${this.#scheme}://localhost:${this.port}`);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const asked = { method, url, headers, body };
    this.asked.push(asked);
    const [answer] = this.answers;
    if (this.answers.length > 1) this.answers.shift();
    answer?.(response, asked);
  }
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

export const page =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>hunter2</h1>');
  };

/** Ends the connection without a word. */
export const hangUp: Answer = (response) => response.destroy();

export const refusal = (error_code: number, message: string, headers = {}): Answer =>
  json({ error_code, message }, Math.floor(error_code / 100), headers);
