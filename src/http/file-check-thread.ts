// A thread of file-checks.ts. It asks about values by messages, one question after another: the registry stays in the main
// thread.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { AskFits } from '../validator/fits.ts';
import { checkFiles, type FileCheck } from './file-check.ts';
import type { FromThread } from './file-checks.ts';

function tell(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}

const ask: AskFits = async (path, questions) => {
  if (parentPort === null) throw new RangeError('this is no thread');
  const answered = once(parentPort, 'message');
  tell({ path, questions });
  const [answer] = (await answered) as [Awaited<ReturnType<AskFits>>];
  return answer;
};

async function work(): Promise<void> {
  tell({ checked: await checkFiles(workerData as FileCheck, ask) });
}

void work();
