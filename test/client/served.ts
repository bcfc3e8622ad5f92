// A registry behind real servers on loopback, and clients of it: of the holder of the master key, as a server has none,
// and of whoever shows a token.
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Client, openClient } from '../../src/client/open-client.ts';
import { random } from '../../src/crypto/primitives.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { startAuthentication } from '../../src/http/authenticate.ts';
import { credentialsOf } from '../../src/http/registry-credentials.ts';
import { refusedRequests } from '../../src/http/refused-requests.ts';
import { createServer } from '../../src/http/server.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { describeRegistry } from '../../src/registry/description.ts';
import { LiveRotation } from '../../src/registry/live-rotation.ts';
import { registryFor } from '../../src/registry/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { caller, environment, init, key, openAs } from '../registry/fixture.ts';

export interface Served {
  url: URL;
  /** Of whoever holds the master key, or shows this token. */
  client: (token?: SecretValue) => Client;
  stop: () => Promise<void>;
}

/** What the holder of the master key shows. */
const HOLDER = 'holder';

/** A registry, and as many servers on it as are asked for. */
export async function servedRegistry(openStore: () => Store): Promise<{
  serve: () => Promise<Served>;
  stop: () => Promise<void>;
}> {
  const env = { ...environment(), random };
  const servers: Served[] = [];
  await init(openStore(), env);
  return {
    serve: async () => {
      const served = await serve(openStore, env);
      servers.push(served);
      return served;
    },
    stop: async () => {
      for (const server of servers) await server.stop();
    },
  };
}

async function serve(openStore: () => Store, env: ReturnType<typeof environment>): Promise<Served> {
  const keys = { key: key(), accepted: [key(7)] };
  const store = openStore();
  const { core } = await openAs(store, env, keys);
  const tell = () => undefined;
  const authentication = startAuthentication({ credentials: credentialsOf(core), random, tell });
  const { authenticate } = authentication;
  const app = createServer({
    registryFor: (one) => registryFor(core, one),
    accessFor: (one) => accessAdminFor(core, one),
    clock: core.clock,
    rotation: new LiveRotation({ core, keys: () => keys, openStore: async () => openStore() }),
    describe: () => describeRegistry(core),
    position: () => core.state.lastN,
    catchUp: () => core.catchUp(),
    isReady: () => true,
    authenticate: async (request) =>
      request.authorization[0] === `Bearer ${HOLDER}`
        ? { ...caller, requestId: request.requestId }
        : authenticate(request),
    refused: refusedRequests(core, tell).add,
    logger: pino({ level: 'silent' }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}`);
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
      await authentication.close();
      await store.close();
    },
  };
}
