// Mixed requests to two servers of one registry, one of which comes and goes: each is answered as it should be, or, where its
// server was ended meanwhile, not at all. What was acknowledged is kept, to be held against the registry.
import type { IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import type { ServerProcess } from '../http/server-process.ts';

export interface Node {
  server: ServerProcess;
  /** While it is ended and started again: resolves when it serves. */
  away: Promise<void> | undefined;
}

/** A version that was acknowledged. `unknown` is one whose deletion was asked for and not answered. */
export interface Version {
  path: string;
  key: string;
  version: number;
  value: string;
  state: 'there' | 'gone' | 'unknown';
}

export interface LoadOptions {
  nodes: readonly Node[];
  token: string;
  /** The authority of the servers, in PEM. */
  ca: string;
  /** Without it, a client makes its next request when it has its answer. */
  perSecond?: number | undefined;
}

interface Asked {
  method?: string;
  body?: unknown;
  /** Another token. */
  as?: string;
  /** No more than the first line is read. */
  isFollowed?: boolean;
}

const CLIENTS = 16;
const PATHS = 8;
const KEYS = 40;

export class Load {
  /** By path, key and number. */
  readonly versions = new Map<string, Version>();
  /** Ids of requests that were answered, and of which the audit trail has to know. */
  readonly answered = new Set<string>();
  unanswered = 0;
  /** What was said where a store could not be used in time: of such a request nothing was done. */
  readonly refused: string[] = [];
  readonly #options: LoadOptions;
  readonly #agent: Agent;
  readonly #kept: Version[] = [];
  readonly #waiting = new Set<() => void>();
  #count = 0;
  #ids = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, ca: options.ca });
  }

  /** Turns of the mix, whatever became of them. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when so many more are over. */
  async run(turns: number): Promise<void> {
    const { perSecond } = this.#options;
    const begun = performance.now();
    const end = this.#count + turns;
    let next = this.#count;
    const client = async (): Promise<void> => {
      for (let i = next++; i < end; i = next++) {
        if (perSecond !== undefined) {
          const due = begun + ((i - end + turns) * 1000) / perSecond;
          await delay(Math.max(due - performance.now(), 0));
        }
        await this.#turn(i);
        this.#count += 1;
        for (const wake of this.#waiting) wake();
        this.#waiting.clear();
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  /** Resolves once there were so many in all. */
  async reached(count: number): Promise<void> {
    while (this.#count < count) await new Promise<void>((wake) => this.#waiting.add(wake));
  }

  /** Follows the trail. What is given back resolves once it has told of all that was answered until then, and leaves. */
  async follow(url: string): Promise<() => Promise<void>> {
    const { token, ca } = this.#options;
    const headers = { authorization: `Bearer ${token}` };
    const options = { method: 'GET', headers, ca, agent: false } as const;
    const response = await answerTo(`${url}/audit?follow=true`, options);
    const told = new Set<string>();
    let missing: Set<string> | undefined;
    // Read at once: who takes nothing for a while is left by the server.
    const read = async () => {
      for await (const line of createInterface({ input: response })) {
        const id = line && (JSON.parse(line) as AuditEvent).data.request.requestId;
        told.add(id);
        missing?.delete(id);
        if (missing?.size === 0) return;
      }
    };
    const reading = read();
    reading.catch(() => undefined);
    return async () => {
      missing = new Set([...this.answered].filter((id) => !told.has(id)));
      if (missing.size > 0) await reading;
      response.destroy();
      if (missing.size > 0) throw new Error(`it ended without ${[...missing].join(' ')}`);
    };
  }

  /** Ends the connections that are kept. */
  disconnect(): void {
    this.#agent.destroy();
  }

  async #turn(i: number): Promise<void> {
    const { nodes } = this.#options;
    const node = nodes[Math.floor(i / MIX.length) % nodes.length];
    await node?.away;
    if (node === undefined) return;
    const { server } = node;
    try {
      await MIX[i % MIX.length]?.(this, server.url, i);
    } catch (error) {
      if (error instanceof Refused) return void this.refused.push(`turn ${i}: ${error.message}`);
      if (!(error instanceof NoAnswer)) throw error;
      // Whoever got no answer, or half of one, of a server that was ended knows nothing.
      const wasEnded = node.server !== server || node.away !== undefined;
      if (!wasEnded && !error.wasIdle) throw error;
      this.unanswered += 1;
    }
  }

  async write(url: string, i: number, kind = 'kept'): Promise<Version> {
    const [path, key] = [`path-${i % PATHS}`, `${kind}-${i % KEYS}`];
    const value = `value of turn ${i}`;
    const asked = { method: 'POST', body: { secret: value } };
    const answer = await this.ask(`${url}${versionsOf({ path, key })}`, 200, asked);
    const { version } = answer as { version: number };
    const made: Version = { path, key, version, value, state: 'there' };
    const place = `${path} ${key} ${version}`;
    if (this.versions.has(place)) throw new Error(`${place} was acknowledged twice`);
    this.versions.set(place, made);
    if (kind === 'kept') this.#kept.push(made);
    return made;
  }

  /** What one of the servers has acknowledged, this one or the other. */
  async read(url: string, i: number): Promise<void> {
    const one = this.#kept[(i * 7919) % this.#kept.length];
    if (one === undefined) return;
    const answer = await this.ask(`${url}${versionsOf(one)}/${one.version}`, 200);
    const { secret } = answer as { secret: string };
    if (secret !== one.value) throw new Error(`not what was written: ${JSON.stringify(one)}`);
  }

  async delete(url: string, i: number): Promise<void> {
    const made = await this.write(url, i, 'gone');
    made.state = 'unknown';
    await this.ask(`${url}${versionsOf(made)}/${made.version}`, 200, { method: 'DELETE' });
    made.state = 'gone';
  }

  /** Fails with NoAnswer, with Refused, or where it is answered with another status. */
  async ask(url: string, status: number, asked: Asked = {}): Promise<unknown> {
    const { method = 'GET', body, as = this.#options.token, isFollowed } = asked;
    this.#ids += 1;
    const id = `soak-${this.#ids}`;
    const headers = {
      authorization: `Bearer ${as}`,
      'x-request-id': id,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await answerTo(url, { method, headers, agent: this.#agent }, sent);
    const answer = await (isFollowed ? firstLine : text)(response).catch((cause: unknown) =>
      Promise.reject(new NoAnswer(cause)),
    );
    if (response.statusCode === 503) throw new Refused(answer);
    if (response.statusCode !== status)
      throw new Error(`${method} ${url}: ${response.statusCode} ${answer}`);
    // Log-ins that fail are counted there, not told one by one.
    if (status !== 401) this.answered.add(id);
    const isJson = response.headers['content-type']?.startsWith('application/json');
    return isJson ? (JSON.parse(answer) as unknown) : undefined;
  }
}

type Turn = (load: Load, url: string, i: number) => Promise<unknown>;

const write: Turn = (load, url, i) => load.write(url, i);
const read: Turn = (load, url, i) => load.read(url, i);
const remove: Turn = (load, url, i) => load.delete(url, i);
const paths: Turn = (load, url) => load.ask(`${url}/secret/paths`, 200);
const keys: Turn = (load, url) => load.ask(`${url}/secret/paths/path-0/keys`, 200);
const validate: Turn = (load, url) =>
  load.ask(`${url}/validate`, 200, { method: 'POST', body: { files: [CONNECTOR] } });
const wrongToken: Turn = (load, url, i) =>
  load.ask(`${url}/secret/paths`, 401, {
    as: `srt_${String(i).padStart(16, '0')}_${'A'.repeat(43)}`,
  });
/** The trail gets longer and longer, so it is read, and followed, now and then only. */
const nowAndThen =
  (turn: Turn): Turn =>
  (load, url, i) =>
    i % 250 < MIX.length ? turn(load, url, i) : load.ask(`${url}/access/whoami`, 200);
const audit = nowAndThen((load, url) => load.ask(`${url}/audit`, 200));
const follow = nowAndThen((load, url) =>
  load.ask(`${url}/audit?follow=true&since=${new Date().toISOString()}`, 200, { isFollowed: true }),
);

const CONNECTOR = {
  name: 'path-0.json',
  text: JSON.stringify({
    name: 'path-0',
    config: {
      'connector.class': 'org.example.Sink',
      'connection.password': `\${secret:path-0:kept-0}`,
    },
  }),
};

const MIX: readonly Turn[] = [
  ...[write, read, read, paths, write, read, wrongToken, read, remove, keys, read],
  ...[write, read, validate, read, follow, read, write, read, audit],
];

function versionsOf({ path, key }: { path: string; key: string }): string {
  return `/secret/paths/${path}/keys/${key}/versions`;
}

class Refused extends Error {
  override readonly name = 'Refused';
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** On a connection that was kept: the server may have ended it at this very moment (RFC 9112, 9.3.1). */
  readonly wasIdle: boolean;
  constructor(cause: unknown, wasIdle = false) {
    super(`no answer: ${String(cause)}`, { cause });
    this.wasIdle = wasIdle;
  }
}

function answerTo(url: string, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request(url, options, resolve);
    asking.on('error', (cause) => reject(new NoAnswer(cause, asking.reusedSocket))).end(body);
  });
}

/** And leaves, as somebody does who has seen enough. */
async function firstLine(response: IncomingMessage): Promise<string> {
  for await (const line of createInterface({ input: response })) {
    if (line === '') continue;
    response.destroy();
    return line;
  }
  throw new Error('it ended before its first line');
}
