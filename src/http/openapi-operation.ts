// One route as an operation of the OpenAPI: what it takes, answers, and fails with, by the table of errors.
import { type TObject, type TSchema, Type } from 'typebox';
import { type ErrorCode, errors } from '../errors.ts';
import { ErrorBody, KeyName, PathName, PrincipalName, VersionNumber } from '../rest/schemas.ts';
import type { Params, Route } from './route.ts';

type Json = Record<string, unknown>;

/** What every route can fail with, whoever asks. */
const OF_EVERY: readonly ErrorCode[] = [
  'wrong-use',
  'not-acceptable',
  'request-too-slow',
  'headers-too-large',
  'ours',
];
const OF_BODIES: readonly ErrorCode[] = ['body-too-large', 'not-json'];

export function operationOf(route: Route): Json {
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
    ...(action === 'read' && { headers: OF_WORKERS }),
    ...(schema.body && { body: schema.body }),
    response: { ...answerOf(route), ...errorsOf(route) },
  };
}

const TAIL = '%[89ABab][0-9A-Fa-f]';
/** One character, percent-encoded: what RFC 3629, 4, takes for UTF-8. */
const ENCODED_UTF8 = `(?:${[
  '%[0-7][0-9A-Fa-f]',
  `%(?:[Cc][2-9A-Fa-f]|[Dd][0-9A-Fa-f])${TAIL}`,
  `%[Ee]0%[ABab][0-9A-Fa-f]${TAIL}`,
  `%[Ee][1-9A-CEFa-cef](?:${TAIL}){2}`,
  `%[Ee][Dd]%[89][0-9A-Fa-f]${TAIL}`,
  `%[Ff]0%[9ABab][0-9A-Fa-f](?:${TAIL}){2}`,
  `%[Ff][1-3](?:${TAIL}){3}`,
  `%[Ff]4%8[0-9A-Fa-f](?:${TAIL}){2}`,
].join('|')})`;

/** Every request of a caller may have this header; it is documented where it matters, which is where a value is read. */
const OF_WORKERS = Type.Object({
  'registry-connector': Type.Optional(
    Type.String({
      pattern: `^(?:[!-$&-~]|${ENCODED_UTF8})+$`,
      maxLength: 1000,
      description: 'The connector that a worker asks for, percent-encoded UTF-8',
      examples: ['orders-sink'],
    }),
  ),
});

/** Every caller can get any error of these statuses: they are about log-ins, rights, limits and the store. */
const STATUSES_OF_CALLERS: ReadonlySet<number> = new Set([401, 403, 429, 503]);

const PARAMETERS: { [N in keyof Params]: TSchema } = {
  path: PathName,
  key: KeyName,
  version: VersionNumber,
  principal: PrincipalName,
  id: Type.String({ minLength: 1 }),
};

function paramsOf(url: string): { params?: TObject } {
  const names = namesIn(url);
  if (names.length === 0) return {};
  return { params: Type.Object(Object.fromEntries(names.map((name) => [name, PARAMETERS[name]]))) };
}

function namesIn(url: string): (keyof Params)[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name]) => name as keyof Params);
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

/** What a name or a number in the URL can fail with. */
const OF_PARAMETERS: { [N in keyof Params]: readonly ErrorCode[] } = {
  path: ['bad-path'],
  key: ['bad-key'],
  version: ['bad-version'],
  principal: ['bad-principal'],
  id: [],
};

/** Every status with the codes that it stands for. */
function errorsOf({ action, schema, url, errors: own }: Route): Json {
  const forCallers = action === 'public' ? [] : ofCallers();
  const ofBodies = schema.body === undefined ? [] : OF_BODIES;
  const ofUrl = namesIn(url).flatMap((name) => OF_PARAMETERS[name]);
  const byStatus = new Map<number, Map<number, string[]>>();
  for (const code of [...OF_EVERY, ...ofBodies, ...forCallers, ...ofUrl, ...own]) {
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
