// What an operator asks a server for, beside the registry in it: the change of its master key, and facts.
import { list, object, oneOf, text, whole } from '../exchange/shapes.ts';
import type { Connection, ConnectionFacts } from './connection.ts';

export type MasterKeyCount = ReturnType<typeof masterKey>;
export type RotationProgress = ReturnType<typeof rotation>;
export type RegistryFacts = ReturnType<typeof registryFacts>;

export class HttpOperations {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  masterKeys(): Promise<MasterKeyCount[]> {
    return this.#connection.ask({ method: 'GET', path: '/master-keys' }, list(masterKey));
  }

  /** Begins the change to a key that the server holds, or goes on with it. */
  rotate(kid: string): Promise<RotationProgress> {
    return this.#connection.ask({ method: 'POST', path: ROTATION, body: { kid } }, rotation);
  }

  rotation(): Promise<RotationProgress> {
    return this.#connection.ask({ method: 'GET', path: ROTATION }, rotation);
  }

  registry(): Promise<RegistryFacts> {
    return this.#connection.ask({ method: 'GET', path: '/registry' }, registryFacts);
  }

  /** Facts about the connection, once the server says that it is ready. */
  ready(): Promise<ConnectionFacts> {
    return this.#connection.inspect('/health/ready');
  }
}

const ROTATION = '/master-keys/rotation';

const masterKey = object({ kid: text, state: text, records: whole });

const rotation = object(
  { kid: text, done: whole, total: whole, state: oneOf(['running', 'done', 'failed']) },
  { error: text },
);

const registryFacts = object({
  storeId: text,
  format: whole,
  position: whole,
  counts: object({ paths: whole, keys: whole, versions: whole }),
});
