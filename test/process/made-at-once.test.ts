import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const COUNT = 200;

test(`each of ${COUNT} registries that two make at the same moment is had by both`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-at-once-'));
  const workerData = { folder, count: COUNT, meeting: new SharedArrayBuffer(4) };
  const refused: unknown[] = [];
  try {
    await Promise.all(
      ['one', 'other'].map(async () => {
        const thread = new Worker(join(import.meta.dirname, 'made-at-once-thread.ts'), {
          workerData,
        });
        thread.on('message', (message) => refused.push(message));
        expect(await once(thread, 'exit')).toEqual([0]);
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(refused).toEqual([]);
});
