// A folder of its own for one registry.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function registryFolder(): { path: string; file: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'secretreg-store-'));
  return {
    path,
    file: join(path, 'registry.db'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
