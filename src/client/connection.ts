// A registry server over HTTP: JSON in, JSON out. Decides when a request is sent again, and what a failure means.
//   - Credentials go to one address: no redirect is followed, and proxies of the environment are not used.
//   - Only what changes nothing is sent again. A change whose answer was lost is `outcome-unknown`.
//   - Certificates are checked, whatever the environment says.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { secretCommand } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { type Body, bodyOf, linesOf, parseJson } from '../exchange/answer-body.ts';
import {
  Deadline,
  type Message,
  placeOf,
  send,
  type TlsOptions,
  type Transport,
  transportFor,
  Unanswered,
} from '../exchange/exchange.ts';
import { alienFault, type Fault, faultOf, redirectFault, REGISTRY } from '../exchange/faults.ts';
import { Malformed, type Shape } from '../exchange/shapes.ts';
import { isSafe, pauseFor, PAUSES_MS } from './asking-again.ts';
import { type About, parseRefusal, refused } from './refusals.ts';

export interface ConnectionOptions {
  /** `https://host:port`, with a path where a proxy puts the registry under one. */
  url: URL;
  userAgent: string;
  /** The header by which the caller proves who it is. */
  authorization?: string;
  /** Where it came from, as a hint for whom the server refuses it. */
  loginHint?: string;
  tls?: TlsOptions;
  /** For one request, until its answer is complete. */
  deadlineMs?: number;
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path behind the address of the registry, encoded, with its query. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
  /** True for a request that changes nothing, as every GET does. */
  isSafe?: boolean;
  /** The most bytes of body that the server takes. It closes the connection on more, and its answer may be lost with that. */
  largestBody?: number;
  /** Ends an answer that goes on line by line. */
  until?: AbortSignal;
  /** For a request that takes the server longer than others. */
  deadlineMs?: number;
  about?: About;
}

/** What an operator should know of the connection itself. */
export interface ConnectionFacts {
  headers: IncomingHttpHeaders;
  certificate?: PeerCertificate;
}

const DEADLINE_MS = 30_000;

export class Connection {
  /** The address, for people. */
  readonly place: string;
  readonly #options: ConnectionOptions;
  readonly #transport: Transport;
  /** The highest commit that was seen. Later requests name it, so that any node answers them from a state that has it. */
  #position = 0;

  constructor(options: ConnectionOptions) {
    const { url, tls } = options;
    this.#options = options;
    this.place = placeOf(url);
    this.#transport = transportFor(url, tls, AGENT);
  }

  /** The body of the answer as `parse` reads it, which fails with Malformed. */
  async ask<T>(ask: Ask, parse: Shape<T>): Promise<T> {
    const { body } = await this.#answered(ask);
    return this.#parsed(ask, body, parse);
  }

  /** Asks for a public path, and gives facts about the connection. */
  async inspect(path: string): Promise<ConnectionFacts> {
    const { headers, certificate } = await this.#answered({ method: 'GET', path });
    return { headers, ...(certificate && { certificate }) };
  }

  /** The lines of an answer that are not empty, as they come. Each piece of it has a deadline of its own. */
  async *lines<T>(ask: Ask, parse: Shape<T>): AsyncGenerator<T> {
    for (let attempt = 0; ; attempt += 1) {
      const deadline = new Deadline(this.#deadlineMs);
      try {
        const response = await this.#send(ask, deadline);
        if (response.statusCode === 200) {
          ask.until?.addEventListener('abort', () => response.destroy(), { once: true });
          for await (const line of linesOf(response, deadline))
            if (line !== '') yield this.#parsed(ask, parseJson(line), parse);
          return;
        }
        const body = await bodyOf(response, deadline);
        const pause = pauseFor(ask, response, body, PAUSES_MS[attempt]);
        if (pause === undefined) {
          this.#judge(ask, response, body, '');
          return;
        }
        await sleep(pause);
      } catch (error) {
        if (ask.until?.aborted) return;
        if (error instanceof Malformed) throw this.#alien(ask);
        throw error instanceof Unanswered ? this.#failure(ask, error, '') : error;
      } finally {
        deadline.end();
      }
    }
  }

  close(): void {
    this.#transport.agent.destroy();
  }

  get #deadlineMs(): number {
    return this.#options.deadlineMs ?? DEADLINE_MS;
  }

  /** Sends a request, and sends it again where that is safe and may help. */
  async #answered(
    ask: Ask,
  ): Promise<{ body: unknown; headers: IncomingHttpHeaders; certificate?: PeerCertificate }> {
    const id = crypto.randomUUID();
    for (let attempt = 0; ; attempt += 1) {
      const deadline = new Deadline(ask.deadlineMs ?? this.#deadlineMs);
      const pause = PAUSES_MS[attempt];
      try {
        const response = await this.#send(ask, deadline, id);
        const certificate = certificateOf(response);
        const body = await bodyOf(response, deadline);
        const again = pauseFor(ask, response, body, pause);
        if (again === undefined) {
          const parsed = this.#judge(ask, response, body, id);
          return { body: parsed, headers: response.headers, ...(certificate && { certificate }) };
        }
        await sleep(again);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        // Only where a connection was made is another try worth it: a refused connection is reported at once.
        const isWorthAnother = isSafe(ask) && error.mayHaveArrived && error.seconds === undefined;
        if (!isWorthAnother || pause === undefined) throw this.#failure(ask, error, id);
        await sleep(pause);
      } finally {
        deadline.end();
      }
    }
  }

  async #send(ask: Ask, deadline: Deadline, id?: string): Promise<IncomingMessage> {
    const response = await send(this.#transport, this.#message(ask, id), deadline);
    const position = Number(response.headers['registry-position']);
    if (Number.isSafeInteger(position) && position > this.#position) this.#position = position;
    return response;
  }

  #message(ask: Ask, id: string | undefined): Message {
    const { method, path, body, headers } = ask;
    const { userAgent, authorization } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const length = Buffer.byteLength(text ?? '');
    if (ask.largestBody !== undefined && length > ask.largestBody) throw tooLarge(ask.largestBody);
    return {
      method,
      url: new URL(this.place + path),
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(id !== undefined && { 'x-request-id': id }),
        ...(authorization !== undefined && { authorization }),
        ...(this.#position > 0 && { 'registry-position': String(this.#position) }),
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': String(length),
        }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
    };
  }

  /** The JSON of a successful answer. Fails with what any other answer means. */
  #judge(ask: Ask, response: IncomingMessage, body: Body, id: string): unknown {
    const { statusCode: status = 0, headers } = response;
    if (status >= 300 && status < 400)
      throw this.#unavailable(redirectFault(REGISTRY, { status, headers }, this.#options.url));
    const refusal = body.isJson ? parseRefusal(body.value) : undefined;
    if (status >= 400 && refusal !== undefined) {
      // A fault of the server itself does not say how far the change came.
      if (refusal.error_code === 50001 && !isSafe(ask)) throw this.#unknown(ask, id);
      const retryAfter = Number(headers['retry-after']);
      const about = { ...ask.about, ...(retryAfter > 0 && { retryAfter }) };
      throw refused(refusal, about, this.#options.loginHint);
    }
    if (status >= 200 && status < 300 && (body.isJson || status === 204)) return body.value;
    if (status === 401 || status === 403)
      throw new SecretregError(
        'not-authenticated',
        { reason: `${this.place} answered ${status}` },
        { hint: this.#options.loginHint },
      );
    if (!isSafe(ask) && (status >= 500 || status < 300)) throw this.#unknown(ask, id);
    throw this.#unavailable(alienFault(REGISTRY, { status, headers }));
  }

  /** An answer of a wrong shape is a failure. If it answers a change, nobody knows whether the change was made. */
  #parsed<T>(ask: Ask, body: unknown, parse: Shape<T>): T {
    try {
      return parse(body);
    } catch (error) {
      throw error instanceof Malformed ? this.#alien(ask) : error;
    }
  }

  #alien(ask: Ask): SecretregError {
    if (!isSafe(ask)) return this.#unknown(ask, '');
    return this.#unavailable({ reason: 'its answer is not one that this secretreg understands' });
  }

  #failure(ask: Ask, error: Unanswered, id: string): SecretregError {
    if (error.mayHaveArrived && !isSafe(ask)) return this.#unknown(ask, id, error.cause);
    const { url, tls } = this.#options;
    const party = tls?.ca === undefined ? REGISTRY : { ...REGISTRY, givenCa: '--ca-file' };
    return this.#unavailable(faultOf(party, error, url), error.cause);
  }

  #unavailable({ reason, hint }: Fault, cause?: unknown): SecretregError {
    const params = { place: this.place, reason };
    return new SecretregError('store-unavailable', params, { cause, hint });
  }

  #unknown({ about = {} }: Ask, id: string, cause?: unknown): SecretregError {
    const { path, key } = about;
    const look =
      path === undefined
        ? 'secretreg audit --since 10m'
        : secretCommand('history', key === undefined ? [path] : [path, key]);
    const params = { place: this.place, attempt: id };
    return new SecretregError('outcome-unknown', params, {
      cause,
      hint: `${look}    (before you try again)`,
    });
  }
}

function tooLarge(bytes: number): SecretregError {
  return new SecretregError(
    'body-too-large',
    { limit: `${bytes / 1024 / 1024} MiB` },
    { hint: 'fewer secrets at once, such as a file for each part' },
  );
}

const AGENT = { keepAlive: true, maxSockets: 32 };

function certificateOf({ socket }: IncomingMessage): PeerCertificate | undefined {
  return 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : undefined;
}
