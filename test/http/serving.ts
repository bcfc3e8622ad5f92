// A real server on a free port over a memory store. Every answer is held against what its route says it answers.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Compile } from 'typebox/compile';
import { onTestFinished } from 'vitest';
import type { Caller } from '../../src/domain/audit-event.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { SecretregError } from '../../src/errors.ts';
import type { IncomingRequest } from '../../src/http/caller.ts';
import type { ServerOptions } from '../../src/http/options.ts';
import { routes } from '../../src/http/routes/index.ts';
import { type RefusedRequests, refusedRequests } from '../../src/http/refused-requests.ts';
import { createServer } from '../../src/http/server.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import type { Core } from '../../src/registry/core.ts';
import { describeRegistry } from '../../src/registry/description.ts';
import { LiveRotation } from '../../src/registry/live-rotation.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { ErrorBody } from '../../src/rest/schemas.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, environment, init, key, openAs } from '../registry/fixture.ts';

export interface Served {
  app: FastifyInstance;
  core: Core;
  registry: Registry;
  port: number;
  rotation: LiveRotation;
  refused: RefusedRequests;
  /** Lines of the server's log, at `debug`. */
  log: Record<string, unknown>[];
  /** Who asks with `Authorization: Bearer <name>`; `holder` holds the master key. */
  callers: Map<string, Caller>;
  ask: (method: string, url: string, options?: AskOptions) => Promise<Answered>;
}

interface AskOptions {
  body?: unknown;
  headers?: Record<string, string>;
  as?: string | undefined;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

/** Until the end of the test. */
export async function serve(changed: Partial<ServerOptions> = {}): Promise<Served> {
  const served = await startServing(changed);
  onTestFinished(() => served.app.close());
  return served;
}

export async function startServing(changed: Partial<ServerOptions> = {}): Promise<Served> {
  const shared = new MemoryLog();
  const env = environment();
  const keys = { key: key(), accepted: [key(7)] };
  await init(new MemoryStore(shared), env);
  const { core, registry } = await openAs(new MemoryStore(shared), env, keys);
  const callers = new Map<string, Caller>([['holder', caller]]);
  const log: Record<string, unknown>[] = [];
  const rotation = new LiveRotation({
    core,
    keys: () => keys,
    openStore: async () => new MemoryStore(shared),
  });
  const refused = refusedRequests(core, (error) => void log.push({ error }));
  const app = createServer({
    registryFor: (one) => registryFor(core, one),
    accessFor: (one) => accessAdminFor(core, one),
    clock: core.clock,
    rotation,
    describe: () => describeRegistry(core),
    position: () => core.state.lastN,
    catchUp: () => core.catchUp(),
    isReady: () => true,
    authenticate: (request) => namedCaller(callers, request),
    refused: refused.add,
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    ...changed,
  });
  checkAnswers(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, core, registry, rotation, refused, port, log, callers, ask: asker(port) };
}

async function namedCaller(
  callers: ReadonlyMap<string, Caller>,
  { authorization: [value = ''], requestId }: IncomingRequest,
): Promise<Caller> {
  const found = callers.get(value.replace(/^Bearer /, ''));
  if (found !== undefined) return { ...found, requestId };
  throw new SecretregError('not-authenticated', { reason: 'nobody has this name' });
}

function asker(port: number): Served['ask'] {
  return async (method, url, { body, headers = {}, as = 'holder' } = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: {
        ...(as !== '' && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const json: unknown = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  };
}

/** An answer that its route does not tell of, or without the headers of every answer, ends the test. */
function checkAnswers(app: FastifyInstance): void {
  const isError = Compile(ErrorBody);
  const ofRoute = new Map(
    routes.map(({ method, url, schema }) => [
      `${method} ${url}`,
      typeof schema.answer === 'string' ? schema.answer : Compile(schema.answer),
    ]),
  );
  app.addHook('onSend', async (request, reply, payload) => {
    const { url } = request.routeOptions;
    const where = `${request.method} ${url}: ${reply.statusCode} ${String(payload)}`;
    if (reply.getHeader('x-request-id') === undefined) throw new Error(`no request id: ${where}`);
    if (reply.getHeader('cache-control') !== 'no-store') throw new Error(`cacheable: ${where}`);
    if (reply.statusCode >= 400) {
      const body = JSON.parse(String(payload)) as { error_code: number };
      if (!isError.Check(body)) throw new Error(`no error body: ${where}`);
      if (Math.floor(body.error_code / 100) !== reply.statusCode) throw new Error(where);
      return;
    }
    const answer = ofRoute.get(`${request.method} ${url}`);
    if (answer === undefined) throw new Error(`no such route: ${where}`);
    if (typeof answer === 'string') return;
    if (!answer.Check(JSON.parse(String(payload)))) throw new Error(`not its schema: ${where}`);
  });
}
