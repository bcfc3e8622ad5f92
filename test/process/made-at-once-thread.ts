// Makes registries at the very moment at which another thread makes the same ones, and posts why one was not made.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

const { folder, count, meeting } = workerData as {
  folder: string;
  count: number;
  meeting: SharedArrayBuffer;
};
const arrived = new Int32Array(meeting);

for (let at = 0; at < count; at += 1) {
  meet(2 * (at + 1));
  const store = new SqliteStore({ file: join(folder, `${at}.db`), lockTimeoutMs: 20_000 });
  try {
    await store.open(() => {}, { create: true });
  } catch (error) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(String(error));
  }
  await store.close();
}

/** Goes on once so many have come here in all. */
function meet(all: number): void {
  Atomics.add(arrived, 0, 1);
  Atomics.notify(arrived, 0);
  for (let here = Atomics.load(arrived, 0); here < all; here = Atomics.load(arrived, 0))
    Atomics.wait(arrived, 0, here);
}
