// Reads a registry of the original (Confluent's Connect Secret Registry). Of its eleven endpoints it uses those whose answers
// leave nothing to guess: lists of names, and one secret. Names are given as they stand there, not parsed.
import { hasCode } from '../errors.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { list, object, text } from '../exchange/shapes.ts';
import { pathUrl, versionUrl } from '../rest/url.ts';
import { PATHS } from './addresses.ts';
import { Connection, type ConnectionOptions } from './connection.ts';

export class OriginalRegistry {
  readonly #connection: Connection;

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

  /** Its address, for people. */
  get place(): string {
    return this.#connection.place;
  }

  paths(): Promise<string[]> {
    return this.#connection.ask({ method: 'GET', path: PATHS }, list(text));
  }

  /** Empty where the path has gone meanwhile. */
  async keys(path: SecretPath): Promise<string[]> {
    const ask = { method: 'GET', path: `${pathUrl(path)}/keys`, about: { path } } as const;
    return (await orGone(this.#connection.ask(ask, list(text)))) ?? [];
  }

  /** The latest value; undefined where the key has gone, or no version of it is left. */
  async latest(path: SecretPath, key: SecretKey): Promise<SecretValue | undefined> {
    const ask = {
      method: 'GET',
      path: versionUrl(path, key, 'latest'),
      about: { path, key },
    } as const;
    const found = await orGone(this.#connection.ask(ask, object({ secret: text })));
    return found && SecretValue.of(found.secret);
  }

  close(): void {
    this.#connection.close();
  }
}

async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, 'path-not-found', 'key-not-found', 'version-not-found', 'version-deleted'))
      return undefined;
    throw error;
  }
}
