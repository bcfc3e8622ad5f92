// Checks files for callers, who may be anybody that is logged in. Texts that are not short, or have many faults in a registry
// of many names, go to a thread of their own, whose time and memory are bounded: a mebibyte of YAML takes seconds, in which
// nobody else would be answered.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SecretregError } from '../errors.ts';
import type { AskFits } from '../validator/fits.ts';
import { checkFiles, type Checked, type FileCheck } from './file-check.ts';
import { wrongUse } from './wrong-use.ts';

/** A message of a thread: its result, or a question about values, for whose answer it waits. */
export type FromThread =
  | { checked: Checked }
  | { path: Parameters<AskFits>[0]; questions: Parameters<AskFits>[1] };

/** In code units. The worst text of this length takes about as long as the start of a thread. */
const SHORT = 2 ** 14;
/**
 * For each fault all names are searched for what was probably meant. So many characters are compared in less time than that.
 */
const FEW_COMPARED = 2 ** 21;
/** Each thread may take a whole processor. */
const MOST_THREADS = 4;
const MEMORY_MB = 512;

/** It stands beside this file, in the source and in the build. */
const THREAD = join(import.meta.dirname, `file-check-thread${extname(import.meta.filename)}`);

export class FileChecks {
  readonly #longest: number;
  #running = 0;

  /** `longest`: the milliseconds that one check may take. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Fails with wrong-use where it would take too long or tell too much, and with too-many-requests. */
  async run(check: FileCheck, askFits: AskFits): Promise<Extract<Checked, { files: unknown }>> {
    const length = check.files.reduce((sum, { text }) => sum + text.length, 0);
    const here =
      length <= SHORT
        ? await checkFiles(check, askFits, FEW_COMPARED / namesLength(check))
        : undefined;
    // Files that were refused here may pass in a thread, which has a higher limit and begins anew.
    const checked =
      here !== undefined && 'files' in here ? here : await this.#inThread(check, askFits);
    if ('files' in checked) return checked;
    throw wrongUse(`${checked.refused}: fewer files at a time are needed`);
  }

  async #inThread(check: FileCheck, askFits: AskFits): Promise<Checked> {
    if (this.#running >= MOST_THREADS)
      throw new SecretregError('too-many-requests', {
        reason: 'too many long files are being checked',
        retryAfter: 1,
      });
    this.#running += 1;
    try {
      return await inThread(check, askFits, this.#longest);
    } finally {
      this.#running -= 1;
    }
  }
}

function namesLength({ facts }: FileCheck): number {
  let length = 1;
  for (const [path, keys] of facts) {
    length += path.length;
    for (const key of keys.keys()) length += key.length;
  }
  return length;
}

async function inThread(check: FileCheck, askFits: AskFits, longest: number): Promise<Checked> {
  const { promise, resolve, reject } = Promise.withResolvers<Checked>();
  const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
  const thread = new Worker(THREAD, { workerData: check, resourceLimits });
  const timer = setTimeout(
    () => resolve({ refused: `to check the files takes longer than ${longest / 1000} s` }),
    longest,
  );
  thread.on('message', (message: FromThread) => {
    if ('checked' in message) resolve(message.checked);
    else
      askFits(message.path, message.questions).then(
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        (answer) => thread.postMessage(answer),
        reject,
      );
  });
  thread.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      resolve({ refused: `to check the files takes more memory than ${MEMORY_MB} MiB` });
    else reject(error);
  });
  thread.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
