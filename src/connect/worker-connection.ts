// The connection to the workers of one group: whichever of the addresses answers will do, since workers hand on among
// themselves what another one has to do.
//   - Credentials go to the named addresses: no redirect is followed, and proxies of the environment are not used.
//   - All that is asked for may be asked twice, so a lost answer is no end.
//   - 409 says that the group is rebalancing, which passes; so does a 404 of the server in a worker that is starting, which
//     listens before it has its routes. Both are waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import { SecretregError } from '../errors.ts';
import { type Body, bodyOf } from '../exchange/answer-body.ts';
import {
  Deadline,
  placeOf,
  send,
  type TlsOptions,
  type Transport,
  transportFor,
  Unanswered,
} from '../exchange/exchange.ts';
import {
  type Alien,
  alienFault,
  type Fault,
  faultOf,
  type Party,
  redirectFault,
} from '../exchange/faults.ts';
import { Malformed, object, type Shape, text, whole } from '../exchange/shapes.ts';

export interface WorkerOptions {
  /** At least one, of one group; with a path where a proxy has the worker under one. */
  urls: readonly URL[];
  userAgent: string;
  /** The header by which the caller proves who it is. */
  authorization?: string;
  /** What is in it: behind "does not accept", and what to do then. */
  login?: { text: string; hint: string };
  tls?: TlsOptions;
  /** For one request to one address, until its answer is complete. */
  deadlineMs?: number;
  /** For how long a rebalance, or a worker that is starting, is waited for. */
  patienceMs?: number;
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: object;
  /** What the worker would do, behind "refused to". */
  what: string;
  /** Makes a message of the worker fit to be shown; without it none is. */
  mask?: (message: string) => string;
}

/** A body that is not looked at. */
export const answered: Shape<void> = () => undefined;

const DEADLINE_MS = 30_000;
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;

const WORKER: Party = {
  noun: 'worker',
  address: '--connect',
  ca: '--connect-ca-file FILE    (the certificate of the authority; or SECRETREG_CONNECT_CA_FILE)',
  client: '--connect-client-cert FILE --connect-client-key FILE',
  down: "does the worker run? its port is that of 'listeners' in its file",
};

export class WorkerConnection {
  readonly place: string;
  readonly #options: WorkerOptions;
  readonly #addresses: readonly Address[];
  /** The one that answered last. */
  #current = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#addresses = options.urls.map((url) => addressOf(url, options.tls));
    this.place = this.#addresses.map(({ place }) => place).join(', ');
  }

  /** What an answer says. Fails with worker-unreachable, worker-refused, worker-not-allowed or worker-log-in-refused. */
  async ask<T>(ask: Ask, parse: Shape<T>): Promise<T> {
    const { value } = await this.#patiently(ask);
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw this.#unreachable({ reason: 'its answer is not one that this secretreg understands' });
    }
  }

  /** The JSON of an answer as it came, for those who look at places in it. Fails with the same. */
  async text(ask: Ask): Promise<string> {
    return (await this.#patiently(ask)).text ?? '';
  }

  close(): void {
    for (const { transport } of this.#addresses) transport.agent.destroy();
  }

  async #patiently(ask: Ask): Promise<Body> {
    const { patienceMs = PATIENCE_MS } = this.#options;
    const begun = performance.now();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const answer = await this.#fromAny(ask);
      const isOver = performance.now() - begun + pause > patienceMs;
      if ('reason' in answer) {
        if (!answer.isStarting || isOver) throw this.#unreachable(answer);
      } else {
        if (answer.status < 300) return answer.body;
        if (answer.status !== 409 || isOver) throw this.#refused(ask, answer.status, answer.body);
      }
      await sleep(pause);
    }
  }

  /** The first answer that is one of a worker, or why there is none. */
  async #fromAny(ask: Ask): Promise<WorkerAnswer | WorkerFault> {
    const faults: WorkerFault[] = [];
    const count = this.#addresses.length;
    for (let i = 0; i < count; i += 1) {
      const at = (this.#current + i) % count;
      const address = this.#addresses[at] as Address;
      const answer = await this.#exchange(ask, address);
      if (!('reason' in answer)) {
        this.#current = at;
        return answer;
      }
      faults.push(
        count === 1 ? answer : { ...answer, reason: `${address.place}: ${answer.reason}` },
      );
    }
    const hint = faults.find((one) => one.hint !== undefined)?.hint;
    const reason = faults.map((one) => one.reason).join('; ');
    const isStarting = faults.some((one) => one.isStarting);
    return { reason, isStarting, ...(hint !== undefined && { hint }) };
  }

  async #exchange(
    ask: Ask,
    { url, place, transport }: Address,
  ): Promise<WorkerAnswer | WorkerFault> {
    const deadline = new Deadline(this.#options.deadlineMs ?? DEADLINE_MS);
    const { method, path, body: sent } = ask;
    const message = { method, url: new URL(place + path), ...this.#content(sent) };
    try {
      const response = await send(transport, message, deadline);
      const body = await bodyOf(response, deadline);
      const { statusCode: status = 0, headers } = response;
      return answerOf({ status, headers }, body, url);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const { tls } = this.#options;
      const given = tls?.ca === undefined ? {} : { givenCa: '--connect-ca-file' };
      return faultOf({ ...WORKER, ...given }, error, url);
    } finally {
      deadline.end();
    }
  }

  #content(body: object | undefined): { headers: Record<string, string>; body?: string } {
    const { userAgent, authorization } = this.#options;
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(authorization !== undefined && { authorization }),
    };
    if (body === undefined) return { headers };
    const json = JSON.stringify(body);
    const length = String(Buffer.byteLength(json));
    return {
      headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
      body: json,
    };
  }

  #unreachable({ reason, hint }: Fault): SecretregError {
    return new SecretregError('worker-unreachable', { place: this.place, reason }, { hint });
  }

  #refused({ what, mask }: Ask, status: number, { value }: Body): SecretregError {
    const { place } = this.#addresses[this.#current] as Address;
    const { login } = this.#options;
    if (status === 401 && login !== undefined) {
      const { text, hint } = login;
      return new SecretregError('worker-log-in-refused', { place, login: text, status }, { hint });
    }
    if (status === 401 || status === 403)
      return new SecretregError('worker-not-allowed', { place, what, status });
    const own = mask === undefined ? undefined : messageOf(value);
    const reason = own === undefined ? reasonFor(status) : (mask?.(own) ?? '');
    return new SecretregError('worker-refused', { place, what, status, reason });
  }
}

interface WorkerAnswer {
  status: number;
  body: Body;
}

interface WorkerFault extends Fault {
  isStarting?: boolean;
}

interface Address {
  url: URL;
  place: string;
  transport: Transport;
}

/** A connection for each request: one that is kept may be closed by the worker just when it is used. */
const AGENT = { keepAlive: false, maxSockets: 32 };

function addressOf(url: URL, tls: WorkerOptions['tls']): Address {
  return { url, place: placeOf(url), transport: transportFor(url, tls, AGENT) };
}

/** An extension in front may answer 401 and 403 in any form; all else that is not JSON is none of a worker. */
function answerOf(alien: Alien, body: Body, url: URL): WorkerAnswer | WorkerFault {
  const { status } = alien;
  if (status === 404 && isNoRoute(body.value)) return STARTING;
  if (status === 401 || status === 403 || status === 204) return { status, body };
  if (status >= 300 && status < 400) return redirectFault(WORKER, alien, url);
  if (status >= 400 && messageOf(body.value) === undefined) return alienFault(WORKER, alien);
  return body.isJson || status === 202 ? { status, body } : alienFault(WORKER, alien);
}

/** What a proxy, or a wrong path in front of the worker, would look like too. */
const STARTING: WorkerFault = {
  reason: 'it answers 404 on every route, as a worker does while it starts',
  hint: 'try again in a moment; does the address need a path, where it goes on?',
  isStarting: true,
};

const noRoute = object({ message: text, url: text });

/** Jetty's own page of errors in JSON (org.eclipse.jetty.server.handler.ErrorHandler), without the `error_code` of Connect. */
function isNoRoute(value: unknown): boolean {
  return messageOf(value) === undefined && parsedBy(noRoute, value) !== undefined;
}

const refusal = object({ error_code: whole, message: text });

function messageOf(value: unknown): string | undefined {
  return parsedBy(refusal, value)?.message;
}

function parsedBy<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return shape(value);
  } catch {
    return undefined;
  }
}

/** The worker's own message may quote a value (`Invalid value … for configuration password`), so what is told is ours. */
function reasonFor(status: number): string {
  return REASONS.get(status) ?? 'its log says more';
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [400, 'it does not take the request as it is; its log says more'],
  [404, 'it knows no such connector or plugin'],
  [409, 'its group goes on rebalancing'],
  [422, 'a rule that is set up there forbids it'],
  [500, 'it failed, or did not come to it in time; its log says more'],
  [502, 'what it needs for that does not answer; its log says more'],
]);
