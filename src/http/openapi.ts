// The OpenAPI, from the table of routes and the table of errors.
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import fastify, { type FastifySchema } from 'fastify';
import { type TObject, type TSchema, Type } from 'typebox';
import { type ErrorCode, errors, SecretregError } from '../errors.ts';
import { ErrorBody, KeyName, PathName, PrincipalName, VersionNumber } from '../rest/schemas.ts';
import { version } from '../version.ts';
import type { Params, Route } from './route.ts';
import { routes } from './routes/index.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `Errors are \`{"error_code", "message"}\`, where error_code is the HTTP status × 100 + n.

Names in a path are percent-encoded once; \`%2F\` is a slash inside a name. They are in Unicode form NFC. A trailing slash is
accepted. Bodies are JSON of at most 1 MiB, four levels deep, without unknown or repeated members.

Every answer carries \`Registry-Position\`. A request that sends it back is answered by a server that has read that commit,
or with 50301.

\`x-secretreg-action\` names the right that a route needs: one of the actions of the roles, \`own\` for what everybody may ask
about themselves, \`authenticated\` for any caller, or \`public\`.`;

/** Needs no registry: the routes are told, not run. */
export async function openApiDocument(): Promise<object> {
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => '');
  await app.register(swagger, swaggerOptions);
  const components = new Map<string, Json>();
  for (const route of routes) {
    const { method, url } = route;
    const schema = withReferences(operationOf(route), components) as FastifySchema;
    app.route({ method, url, schema, handler: async () => undefined });
  }
  for (const [$id, schema] of components) app.addSchema({ $id, ...schema });
  await app.ready();
  return app.swagger();
}

/** What has an `$id` stands once, under that name. */
function withReferences(value: unknown, components: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((one) => withReferences(one, components));
  if (typeof value !== 'object' || value === null) return value;
  const { $id, ...rest } = value as Json;
  const inner: Json = {};
  for (const [name, member] of Object.entries(rest))
    inner[DOCUMENTED[name] ?? name] = withReferences(member, components);
  if (typeof $id !== 'string') return inner;
  components.set($id, inner);
  return { $ref: `${$id}#` };
}

/** Members for readers, which the parsers of the domain hold with codes of their own. */
const DOCUMENTED: Record<string, string> = { 'x-pattern': 'pattern', 'x-maxLength': 'maxLength' };

const swaggerOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'secretreg',
      version,
      summary: 'A registry that keeps credentials out of Kafka Connect configurations',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `POST /access/tokens`, or a JWT',
        },
        basic: { type: 'http', scheme: 'basic' },
        mutualTLS: { type: 'mutualTLS' },
      },
    },
  } as object,
  refResolver: {
    buildLocalReference: (json, _base, _fragment, index) =>
      typeof json['$id'] === 'string' ? json['$id'] : `def-${index}`,
  },
  transformObject: (made) => {
    if ('openapiObject' in made) return withHeaders(made.openapiObject);
    throw new SecretregError('ours', { reason: 'an OpenAPI of version 2 was asked for' });
  },
};

/** Those of every answer, and those that a status has. */
function withHeaders<D extends object>(document: D): D {
  const { components, paths } = document as { components: Json; paths: Record<string, Json> };
  components['headers'] = Object.fromEntries(
    Object.entries(HEADERS).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );
  for (const operation of Object.values(paths).flatMap(Object.values)) {
    const { responses, 'x-headers': own = [] } = operation as {
      responses: Record<string, Json>;
      'x-headers'?: readonly string[];
    };
    delete (operation as Json)['x-headers'];
    for (const [status, response] of Object.entries(responses)) {
      const names = [...OF_ALL, ...(OF_STATUS[status] ?? []), ...(status < '300' ? own : [])];
      response['headers'] = Object.fromEntries(
        names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
      );
    }
  }
  return document;
}

const HEADERS: Record<string, string> = {
  'X-Request-Id': 'The id of the request, as it stands in the log and the audit trail',
  'Registry-Position': 'The number of the newest commit that the server knew',
  'WWW-Authenticate': 'How to log in',
  'Retry-After': 'Seconds to wait',
  ETag: 'The version, for If-Match',
  Location: 'Where the written version is',
};
const OF_ALL = ['X-Request-Id', 'Registry-Position'];
const OF_STATUS: Record<string, readonly string[]> = {
  '401': ['WWW-Authenticate'],
  '429': ['Retry-After'],
  '503': ['Retry-After'],
};

/** What every route can fail with, whoever asks. */
const OF_EVERY: readonly ErrorCode[] = [
  'wrong-use',
  'not-acceptable',
  'request-too-slow',
  'headers-too-large',
  'ours',
];
const OF_BODIES: readonly ErrorCode[] = ['body-too-large', 'not-json'];

function operationOf(route: Route): Json {
  const { schema, action, operationId, summary, url } = route;
  return {
    operationId,
    summary,
    tags: [url.split('/')[1] ?? ''],
    'x-secretreg-action': action,
    ...(schema.answerHeaders && { 'x-headers': schema.answerHeaders }),
    security: action === 'public' ? [] : [{ bearer: [] }, { basic: [] }, { mutualTLS: [] }],
    ...paramsOf(url),
    ...(schema.query && { querystring: schema.query }),
    ...(schema.headers && { headers: schema.headers }),
    ...(schema.body && { body: schema.body }),
    response: { ...answerOf(route), ...errorsOf(route) },
  };
}

/** Of these statuses each row can befall every caller: they are of log-ins, rights, limits and the store. */
const STATUSES_OF_CALLERS: ReadonlySet<number> = new Set([401, 403, 429, 503]);

const PARAMETERS: { [N in keyof Params]: TSchema } = {
  path: PathName,
  key: KeyName,
  version: VersionNumber,
  principal: PrincipalName,
  id: Type.String({ minLength: 1 }),
};

function paramsOf(url: string): { params?: TObject } {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name as keyof Params);
  if (names.length === 0) return {};
  return { params: Type.Object(Object.fromEntries(names.map((name) => [name, PARAMETERS[name]]))) };
}

/** Bodies that are not JSON. */
const FORMS: Record<string, { status: number; content?: Json }> = {
  nothing: { status: 204 },
  lines: { status: 200, content: { 'application/x-ndjson': { schema: { type: 'string' } } } },
  text: { status: 200, content: { 'text/plain': { schema: { type: 'string' } } } },
};

function answerOf({ schema: { answer }, summary, status }: Route): Json {
  const form = typeof answer === 'string' ? FORMS[answer] : undefined;
  if (form?.content !== undefined)
    return { [form.status]: { description: summary, content: form.content } };
  if (form !== undefined) return { [form.status]: { description: 'done', type: 'null' } };
  return { [status ?? 200]: { description: summary, ...json(answer) } };
}

/** Every status with the codes that it stands for. */
function errorsOf({ action, schema, errors: own }: Route): Json {
  const everybodys = action === 'public' ? [] : ofCallers();
  const ofBodies = schema.body === undefined ? [] : OF_BODIES;
  const byStatus = new Map<number, Map<number, string[]>>();
  for (const code of [...OF_EVERY, ...ofBodies, ...everybodys, ...own]) {
    const number = httpOf(code) ?? 50001;
    const status = Math.floor(number / 100);
    const numbers = byStatus.get(status) ?? new Map<number, string[]>();
    byStatus.set(status, numbers.set(number, [...(numbers.get(number) ?? []), code]));
  }
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    sorted.map(([status, numbers]) => [
      status,
      { description: describe(numbers), ...json(ErrorBody) },
    ]),
  );
}

/** `40401 path-not-found; 40402 key-not-found`. */
function describe(numbers: ReadonlyMap<number, readonly string[]>): string {
  return [...numbers]
    .sort(([a], [b]) => a - b)
    .map(([number, codes]) => `${number} ${[...new Set(codes)].join(', ')}`)
    .join('; ');
}

function ofCallers(): ErrorCode[] {
  return (Object.keys(errors) as ErrorCode[]).filter((code) =>
    STATUSES_OF_CALLERS.has(Math.floor((httpOf(code) ?? 0) / 100)),
  );
}

function httpOf(code: ErrorCode): number | undefined {
  return (errors[code] as { http?: number }).http;
}

function json(schema: unknown): Json {
  return { content: { 'application/json': { schema } } };
}
