// A registry behind a real server on loopback, and clients of it. Who asks is proved by the local access records.
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Client, openClient } from '../../src/client/open-client.ts';
import { random } from '../../src/crypto/primitives.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { SecretregError } from '../../src/errors.ts';
import type { IncomingRequest } from '../../src/http/caller.ts';
import { createServer } from '../../src/http/server.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import type { Core } from '../../src/registry/core.ts';
import { describeRegistry } from '../../src/registry/description.ts';
import { LiveRotation } from '../../src/registry/live-rotation.ts';
import { registryFor } from '../../src/registry/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { caller, environment, init, key, openAs } from '../registry/fixture.ts';
import { callerWith } from '../registry/local-access.ts';

export interface Served {
  url: URL;
  /** Of whoever holds the master key, or shows this token. */
  client: (token?: SecretValue) => Client;
  stop: () => Promise<void>;
}

/** What the holder of the master key shows. */
export const HOLDER = 'holder';

interface ServedOptions {
  /** The time, where it is not to be that of the tests. */
  clock?: () => Date;
  /** PEM, for the name localhost. */
  tls?: { key: string; cert: string };
}

/** A registry, and as many servers on it as are asked for. */
export async function servedRegistry(
  openStore: () => Store,
  { clock, tls }: ServedOptions = {},
): Promise<{
  serve: () => Promise<Served>;
  stop: () => Promise<void>;
}> {
  const env = { ...environment(), random, ...(clock && { clock }) };
  const servers: Served[] = [];
  await init(openStore(), env);
  return {
    serve: async () => {
      const served = await serve(openStore, env, tls);
      servers.push(served);
      return served;
    },
    stop: async () => {
      for (const server of servers) await server.stop();
    },
  };
}

async function serve(
  openStore: () => Store,
  env: ReturnType<typeof environment>,
  tls: ServedOptions['tls'],
): Promise<Served> {
  const keys = { key: key(), accepted: [key(7)] };
  const store = openStore();
  const { core } = await openAs(store, env, keys);
  const app = createServer({
    registryFor: (one) => registryFor(core, one),
    accessFor: (one) => accessAdminFor(core, one),
    rotation: new LiveRotation({ core, keys, openStore: async () => openStore() }),
    describe: () => describeRegistry(core),
    position: () => core.state.lastN,
    catchUp: () => core.catchUp(),
    isReady: () => true,
    authenticate: async (request) => whoAsks(core, request),
    logger: pino({ level: 'silent' }),
    ...(tls && { tls }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = new URL(tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`);
  const clients: Client[] = [];
  return {
    url,
    client: (token = SecretValue.of(HOLDER)) => {
      const authorization = `Bearer ${token.reveal()}`;
      const client = openClient({ url, userAgent: 'test', authorization });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.close();
      await app.close();
      await store.close();
    },
  };
}

function whoAsks(core: Core, { authorization: [header = ''], requestId }: IncomingRequest) {
  const token = header.replace(/^Bearer /, '');
  if (token === HOLDER) return { ...caller, requestId };
  const who = callerWith(core, SecretValue.of(token));
  if (who.principal === 'User:unknown')
    throw new SecretregError('not-authenticated', { reason: 'the token is not known' });
  return { ...who, requestId };
}
