// From a route of the table to what Fastify runs: parse, hold against the schema, ask, answer.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import { paramsOf } from './names.ts';
import type { ServerOptions } from './options.ts';
import type { Answer, AnyAsked, Route, Services } from './route.ts';
import { bodyValidator, queryReader } from './validation.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export function handlerOf(route: Route, options: ServerOptions, openApi: () => object): Handler {
  const readQuery = queryReader(route.schema.query);
  const checkBody = bodyValidator(route.schema.body);
  return async (request, reply) => {
    const params = paramsOf(request.params as Record<string, string>);
    const query = readQuery(request.query as Record<string, unknown>);
    checkBody(request.body);
    const { body, headers } = request;
    await requirePosition(headers['registry-position'], options);
    const asked = { params, query, body, headers } as unknown as AnyAsked;
    const answer = await route.handler(asked, servicesFor(options, request.caller, openApi));
    return send(route, answer, reply);
  };
}

function servicesFor(
  options: ServerOptions,
  found: Caller | null,
  openApi: () => object,
): Services {
  const { rotation, describe, isReady, metrics } = options;
  const caller = () => {
    if (found === null)
      throw new SecretregError('ours', { reason: 'a public route asked for its caller' });
    return found;
  };
  return {
    rotation,
    describe,
    isReady,
    openApi,
    metrics: async () => (await metrics?.text()) ?? '',
    get caller() {
      return caller();
    },
    get registry() {
      return options.registryFor(caller());
    },
    get access() {
      return options.accessFor(caller());
    },
  };
}

/** A caller that has seen a commit elsewhere is answered from a state that has it too. */
async function requirePosition(
  header: string | string[] | undefined,
  { position, catchUp }: ServerOptions,
): Promise<void> {
  if (header === undefined) return;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
    throw new SecretregError('wrong-use', { reason: 'Registry-Position has to be a number' });
  const wanted = Number(header);
  if (position() >= wanted) return;
  await catchUp();
  if (position() < wanted)
    throw new SecretregError('not-ready', {
      reason: `it has not read commit ${wanted} of the registry yet`,
    });
}

function send(route: Route, { body, headers = {} }: Answer, reply: FastifyReply): FastifyReply {
  void reply.headers(headers);
  if (route.schema.answer === 'nothing') return reply.code(204).send();
  if (body instanceof Readable) return reply.type('application/x-ndjson').send(body);
  if (typeof body === 'string' && route.schema.answer === 'text')
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(body);
  if (body === undefined)
    throw new SecretregError('ours', { reason: `${route.operationId} has no answer` });
  return reply
    .code(route.status ?? 200)
    .type('application/json')
    .send(JSON.stringify(body));
}
