// Row M of quality.md over REST: two servers on one log, each asked by a client, also by whoever shows a token.
import { test } from 'vitest';
import { SecretValue } from '../../../src/domain/secret-value.ts';
import { MemoryLog, MemoryStore } from '../../../src/store/memory.ts';
import { type Served, servedRegistry } from '../../client/served.ts';
import { type Ask, ask } from './asks.ts';
import { madePlace } from './local.ts';
import type { Place } from './moves.ts';
import { type Process, revoked, tokenOf } from './process.ts';
import { runModel, sequences } from './run.ts';

const RUNS = sequences(0.13);

test(`two servers do what a map does, in ${RUNS} random sequences`, async () => {
  await runModel('REST', RUNS, { rotations: 1, most: 80, ends: 40 }, servers);
}, 3_600_000);

async function servers(): Promise<Place> {
  const log = new MemoryLog();
  const openStore = () => new MemoryStore(log);
  const served = await servedRegistry(openStore);
  return {
    ...madePlace(openStore),
    open: async () => new RestProcess(await served.serve()),
    remove: async () => undefined,
  };
}

class RestProcess implements Process {
  readonly #server: Served;

  constructor(server: Served) {
    this.#server = server;
  }

  ask(asked: Ask, token?: string) {
    return ask(this.#server.client(token === undefined ? undefined : SecretValue.of(token)), asked);
  }

  makeToken() {
    return tokenOf(this.#server.client());
  }

  revokeToken(token: string) {
    return revoked(this.#server.client(), token);
  }

  close() {
    return this.#server.stop();
  }
}
