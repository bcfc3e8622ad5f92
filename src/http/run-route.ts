// Makes a route of the table into what Fastify runs: parse, check against the schema, ask, answer.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { Registry } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import { conditionRefuser } from './conditions.ts';
import type { Connections } from './connections.ts';
import type { largeAnswers } from './large-answers.ts';
import { paramsOf } from './names.ts';
import type { FileChecks } from './file-checks.ts';
import type { ServerOptions } from './options.ts';
import type { Answer, AnyAsked, Route, Services } from './route.ts';
import { bodyValidator, queryReader } from './validation.ts';
import { wrongUse } from './wrong-use.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What all routes of a server share. */
interface OfServer {
  openApi: () => Promise<Buffer>;
  fileChecks: FileChecks;
  connections: Connections;
  takeLargeAnswer: ReturnType<typeof largeAnswers>;
}

export function handlerOf(route: Route, options: ServerOptions, ofServer: OfServer): Handler {
  const readQuery = queryReader(route.schema.query);
  const checkBody = bodyValidator(route.hasOwnParser ? Type.Object({}) : route.schema.body);
  const refuseConditions = conditionRefuser(route);
  const services = servicesFor(options, ofServer);
  return async (request, reply) => {
    const params = paramsOf(request.params as Record<string, string>);
    const query = readQuery(request.query as Record<string, unknown>);
    refuseConditions(request.headers);
    checkBody(request.body);
    const { body, headers } = request;
    if (request.caller !== null) await requirePosition(headers['registry-position'], options);
    const ended = () => AbortSignal.any([endOf(reply), ofServer.connections.ending]);
    const asked = { params, query, body, headers, ended } as unknown as AnyAsked;
    const answer = await route.handler(asked, services(request.caller));
    return send(route, answer, reply, (text) => ofServer.takeLargeAnswer(text, request, reply));
  };
}

/**
 * Services that are the same for every request, with what the caller of this one may do. A class, since its getters are made
 * once; those of an object would be made for each request.
 */
function servicesFor(
  options: ServerOptions,
  { openApi, fileChecks }: OfServer,
): (found: Caller | null) => Services {
  const { rotation, clock, describe, isReady } = options;
  const metrics = async () => (await options.metrics?.text()) ?? '';
  class RequestServices implements Services {
    readonly rotation = rotation;
    readonly fileChecks = fileChecks;
    readonly clock = clock;
    readonly describe = describe;
    readonly isReady = isReady;
    readonly openApi = openApi;
    readonly metrics = metrics;
    readonly #caller: Caller | null;

    constructor(found: Caller | null) {
      this.#caller = found;
    }

    get caller(): Caller {
      if (this.#caller !== null) return this.#caller;
      throw new SecretregError('ours', { reason: 'a public route asked for its caller' });
    }

    get registry(): Registry {
      return options.registryFor(this.caller);
    }

    get access(): AccessAdmin {
      return options.accessFor(this.caller);
    }
  }
  return (found) => new RequestServices(found);
}

/** A caller that has seen a commit elsewhere is answered from a state that has it too. */
async function requirePosition(
  header: string | string[] | undefined,
  { position, catchUp }: ServerOptions,
): Promise<void> {
  if (header === undefined) return;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
    throw wrongUse('Registry-Position has to be a number');
  const wanted = Number(header);
  if (position() >= wanted) return;
  await catchUp();
  if (position() < wanted)
    throw new SecretregError('not-ready', {
      reason: `it has not read commit ${wanted} of the registry yet`,
    });
}

/** Aborted when the answer is closed. The stream of its body closes later, once its source has come to an end. */
function endOf({ raw }: FastifyReply): AbortSignal {
  const ended = new AbortController();
  // The caller may have gone while the log-in was checked: no event tells of that any more.
  if (raw.destroyed) ended.abort();
  raw.once('close', () => ended.abort());
  return ended.signal;
}

function send(
  route: Route,
  { body, headers = {} }: Answer,
  reply: FastifyReply,
  take: (text: string) => void,
): FastifyReply {
  void reply.headers(headers);
  if (route.schema.answer === 'nothing') return reply.code(204).send();
  if (body instanceof Readable) return reply.type('application/x-ndjson').send(body);
  if (typeof body === 'string' && route.schema.answer === 'text')
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(body);
  if (body === undefined)
    throw new SecretregError('ours', { reason: `${route.operationId} has no answer` });
  const json = Buffer.isBuffer(body) ? body : JSON.stringify(body);
  if (typeof json === 'string') take(json);
  return reply
    .code(route.status ?? 200)
    .type('application/json')
    .send(json);
}
