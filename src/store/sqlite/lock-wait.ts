// Waiting for a lock of another process. SQLite's own busy handler would block the event loop, so it is off and we try
// again ourselves, at random moments so that two processes do not meet again and again.
import { setTimeout as delay } from 'node:timers/promises';
import { SecretregError } from '../../errors.ts';
import { isBusy } from './failure.ts';

export interface LockWait {
  place: string;
  timeoutMs: number;
  /** 0 up to 1. */
  random: () => number;
  signal?: AbortSignal | undefined;
}

/** Runs `work` again while another process is in the way. Fails with store-locked or interrupted. */
export async function retryWhileBusy<T>(work: () => T, wait: LockWait): Promise<T> {
  return retry(work, { ...wait, again: isBusy }, (error) => {
    throw new SecretregError(
      'store-locked',
      { place: wait.place, seconds: String(wait.timeoutMs / 1000) },
      { cause: error },
    );
  });
}

/** Runs `work` again while it fails in a way that may pass; at the end of the time `giveUp` says what that means. */
export async function retry<T>(
  work: () => T,
  wait: LockWait & { again: (error: unknown) => boolean },
  giveUp: (error: unknown) => T,
): Promise<T> {
  let deadline: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    if (wait.signal?.aborted) throw new SecretregError('interrupted', {});
    try {
      return work();
    } catch (error) {
      if (!wait.again(error)) throw error;
      deadline ??= performance.now() + wait.timeoutMs;
      if (performance.now() >= deadline) return giveUp(error);
    }
    await pause(1 + wait.random() * Math.min(2 ** attempt, 25), wait.signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // An abort ends the pause early; the caller sees it in the signal.
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
