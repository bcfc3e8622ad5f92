// A thread of many-files.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { outcomesOf, type Work } from './many-files.ts';

async function work(): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(await outcomesOf(workerData as Work));
}

void work();
