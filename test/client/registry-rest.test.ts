// The client does over REST what the local registry does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { restContracts } from './rest-contracts.ts';

restContracts('memory', () => {
  const log = new MemoryLog();
  return { open: () => new MemoryStore(log), remove: () => undefined };
});

restContracts('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-rest-'));
  const file = join(folder, 'registry.db');
  return {
    open: () => new SqliteStore({ file }),
    remove: () => rmSync(folder, { recursive: true }),
  };
});
