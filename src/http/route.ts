// A route as data: where it is, which right it needs, what it takes and answers. The right is declared here and told in the
// OpenAPI; the registry below decides by the caller, so that no route can forget to ask.
import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Static, TObject, TSchema } from 'typebox';
import type { Action, Principal } from '../domain/access.ts';
import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Registry } from '../domain/registry.ts';
import type { Version } from '../domain/version.ts';
import type { ErrorCode } from '../errors.ts';
import type { FileChecks } from './file-checks.ts';
import type { LiveRotation } from '../registry/live-rotation.ts';

/** `own`: everybody may ask about themselves; about others it needs a right, which the use case checks. */
export type RouteAction = Action | 'authenticated' | 'public' | 'own';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteSchema {
  query?: TObject;
  headers?: TObject;
  body?: TSchema;
  /** Headers of its answer, beside those of every answer. */
  answerHeaders?: readonly ('ETag' | 'Location')[];
  /** Of the body of 200 or 202; `nothing` is 204, `lines` a stream of NDJSON, `text` for Prometheus. */
  answer: TSchema | 'nothing' | 'lines' | 'text';
}

export interface Route {
  method: Method;
  /** As Fastify writes it; the names of parameters say how they are parsed. */
  url: string;
  action: RouteAction;
  /** The OpenAPI's name of it. */
  operationId: string;
  summary: string;
  schema: RouteSchema;
  /** The errors of this route alone, without those of every route and those of the names in its URL. */
  errors: readonly ErrorCode[];
  status?: 202;
  /** True where the domain parses the body, with error codes of its own: here it only has to be an object. */
  hasOwnParser?: true;
  /** Bytes of the body, where it takes more than others. */
  bodyLimit?: number;
  handler(asked: AnyAsked, services: Services): Promise<Answer>;
}

export interface Answer<T = unknown> {
  /** Bytes are JSON already. */
  body?: T | Readable | Buffer;
  headers?: Record<string, string>;
}

/** What a handler works with. It allows what the caller may do, and no more. */
export interface Services {
  readonly caller: Caller;
  readonly registry: Registry;
  readonly access: AccessAdmin;
  readonly rotation: LiveRotation;
  readonly fileChecks: FileChecks;
  readonly clock: () => Date;
  readonly describe: () => RegistryDescription;
  readonly isReady: () => boolean | Promise<boolean>;
  /** As JSON. */
  readonly openApi: () => Promise<Buffer>;
  readonly metrics: () => Promise<string>;
}

export interface RegistryDescription {
  storeId: string;
  format: number;
  /** The number of the newest commit that is known here. */
  position: number;
  counts: { paths: number; keys: number; versions: number };
}

/** The types of a URL's parameters, by their names. */
export interface Params {
  path: SecretPath;
  key: SecretKey;
  version: Version;
  principal: Principal;
  id: string;
}

export interface Asked<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  headers: IncomingHttpHeaders;
  /** For an answer that goes on: aborted when nobody takes it any more, or the server ends. */
  ended: () => AbortSignal;
}

export type AnyAsked = Asked<never, never, never>;

type NamesIn<U extends string> = U extends `${string}/:${infer N}/${infer Rest}`
  ? N | NamesIn<`/${Rest}`>
  : U extends `${string}/:${infer N}`
    ? N
    : never;

type ParamsOf<U extends string> = { [N in NamesIn<U>]: N extends keyof Params ? Params[N] : never };
type StaticOf<S> = S extends TSchema ? Static<S> : undefined;
type Member<S, N extends keyof RouteSchema> = S extends Record<N, infer T> ? T : undefined;

/** A route whose handler is typed by its URL and its schemas. */
export function route<const U extends string, S extends RouteSchema>(
  it: Omit<Route, 'url' | 'schema' | 'handler'> & {
    url: U;
    schema: S;
    handler(
      asked: Asked<ParamsOf<U>, StaticOf<Member<S, 'query'>>, StaticOf<Member<S, 'body'>>>,
      services: Services,
    ): Promise<Answer<StaticOf<S['answer']>>>;
  },
): Route {
  return it;
}
