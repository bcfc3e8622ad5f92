// What the server is given by whoever starts it.
import type { Logger } from 'pino';
import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { Registry } from '../domain/registry.ts';
import type { LiveRotation } from '../registry/live-rotation.ts';
import { BODY_LIMIT } from '../rest/limits.ts';
import type { Authenticate } from './caller.ts';
import type { Metrics } from './metrics.ts';
import type { RefusedRequests } from './refused-requests.ts';
import type { RegistryDescription } from './route.ts';

export interface ServerOptions {
  registryFor: (caller: Caller) => Registry;
  accessFor: (caller: Caller) => AccessAdmin;
  clock: () => Date;
  rotation: LiveRotation;
  describe: () => RegistryDescription;
  /** The number of the newest commit that is known here. It stands on nearly every answer, so asking for it has to be cheap. */
  position: () => number;
  /** Resolves when all that was committed before this call is known here. */
  catchUp: () => Promise<void>;
  /** False while it is being stopped; fails with the reason where the registry cannot be used. */
  isReady: () => boolean | Promise<boolean>;
  authenticate: Authenticate;
  /** PEM. With `ca`, clients may show certificates; whether one counts is for `authenticate`. */
  tls?: { key: string | Buffer; cert: string | Buffer; ca?: string | Buffer };
  /** Told of each refusal of a known caller, before its answer. */
  refused: RefusedRequests['add'];
  logger: Logger;
  /** Without it nothing is counted, and `/metrics` is empty. */
  metrics?: Metrics;
  limits?: Partial<Limits>;
}

/** Times in milliseconds, sizes in bytes. */
export interface Limits {
  headersTimeout: number;
  requestTimeout: number;
  /** How often Node looks for requests that are too slow. */
  checkInterval: number;
  /** A connection on which nothing moves, in whichever direction. */
  idleTimeout: number;
  keepAliveTimeout: number;
  /** How long the end may take: what is not answered by then is cut off. */
  stopTimeout: number;
  connections: number;
  body: number;
  /** How long one request may check files. */
  checkTime: number;
  /** How long an answer about the server itself waits for a store that does not tell what is new. */
  lookTime: number;
}

export const LIMITS: Limits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  checkInterval: 1000,
  idleTimeout: 60_000,
  keepAliveTimeout: 30_000,
  // Kubernetes kills after 30 s.
  stopTimeout: 25_000,
  connections: 512,
  body: BODY_LIMIT,
  checkTime: 10_000,
  lookTime: 1000,
};
