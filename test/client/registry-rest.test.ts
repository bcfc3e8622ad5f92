// The client does over REST what the local registry does, on either store; a second process is a second server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { accessContract } from '../contract/access.contract.ts';
import { registryContract } from '../contract/registry.contract.ts';
import { servedRegistry } from './served.ts';

const places: Record<string, () => { open: () => Store; remove: () => void }> = {
  memory: () => {
    const log = new MemoryLog();
    return { open: () => new MemoryStore(log), remove: () => undefined };
  },
  SQLite: () => {
    const folder = mkdtempSync(join(tmpdir(), 'secretreg-rest-'));
    const file = join(folder, 'registry.db');
    return {
      open: () => new SqliteStore({ file }),
      remove: () => rmSync(folder, { recursive: true }),
    };
  },
};

for (const [name, makePlace] of Object.entries(places)) {
  const start = async () => {
    const place = makePlace();
    const registry = await servedRegistry(place.open);
    const cleanup = async () => {
      await registry.stop();
      place.remove();
    };
    return { serve: registry.serve, cleanup };
  };

  registryContract(`REST and ${name}`, async () => {
    const { serve, cleanup } = await start();
    const { client } = await serve();
    const other = async () => (await serve()).client().registry;
    return { registry: client().registry, other, cleanup };
  });

  accessContract(`REST and ${name}`, async () => {
    const { serve, cleanup } = await start();
    const { client } = await serve();
    return { holder: client(), with: async (token) => client(token), cleanup };
  });
}
