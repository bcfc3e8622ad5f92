// One request and its answer over a socket. No redirect is followed and nothing is sent again here.
import {
  Agent,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
  request,
  type RequestOptions,
} from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** `request` of `node:http` or `node:https`, and the agent for it. */
export interface Transport {
  request: (url: URL, options: RequestOptions) => ClientRequest;
  agent: Agent;
}

/** PEM texts. With `ca`, only that authority is trusted. */
export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
}

/** Certificates are checked, whatever the environment says. */
export function transportFor(
  { protocol }: URL,
  tls: TlsOptions | undefined,
  agent: AgentOptions,
): Transport {
  if (protocol !== 'https:') return { request, agent: new Agent(agent) };
  const secure = { ...agent, ...tls, rejectUnauthorized: true };
  return { request: tlsRequest, agent: new TlsAgent(secure) };
}

/** The address for people. A path can be appended to it. */
export function placeOf(url: URL): string {
  return url.href.replace(/\/$/, '');
}

export interface Message {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
}

/** No whole answer came. */
export class Unanswered extends Error {
  /** Whether the server may have seen the request, and so may have done what it asks for. */
  readonly mayHaveArrived: boolean;
  /** After how many seconds the deadline ended the request; undefined where something else went wrong. */
  readonly seconds: number | undefined;

  constructor(cause: unknown, mayHaveArrived: boolean, seconds?: number) {
    super('no answer', { cause });
    this.mayHaveArrived = mayHaveArrived;
    this.seconds = seconds;
  }
}

/** Ends a request that takes too long. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get seconds(): number {
    return this.#milliseconds / 1000;
  }

  /** Starts the time from the beginning. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Sends a request; resolves with status and headers, before the body. Fails with Unanswered. */
export function send(
  { request, agent }: Transport,
  { method, url, headers, body }: Message,
  deadline: Deadline,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const { signal } = deadline;
    const sent = request(url, { method, headers, agent, signal });
    sent.on('socket', (socket) => {
      if (!isConnecting(socket)) isConnected = true;
      else
        socket.once(
          'encrypted' in socket ? 'secureConnect' : 'connect',
          () => (isConnected = true),
        );
    });
    sent.on('response', resolve);
    sent.on('error', (cause) =>
      reject(unanswered(cause, isConnected && !isRefusedByTls(cause), deadline)),
    );
    sent.end(body);
  });
}

/** The bytes of an answer as they come. Fails with Unanswered where it breaks off. */
export async function* chunksOf(
  response: IncomingMessage,
  deadline: Deadline,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (cause) {
    throw unanswered(cause, true, deadline);
  }
}

function unanswered(cause: unknown, mayHaveArrived: boolean, deadline: Deadline): Unanswered {
  const { aborted } = deadline.signal;
  return new Unanswered(cause, mayHaveArrived, aborted ? deadline.seconds : undefined);
}

function isConnecting(socket: Socket): boolean {
  return (
    socket.connecting || ('encrypted' in socket && (socket as TLSSocket).getProtocol() === null)
  );
}

/** In TLS 1.3 a client counts as connected before the server has checked its certificate. */
function isRefusedByTls(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^ERR_SSL|^EPROTO$/.test(String(error.code));
}
