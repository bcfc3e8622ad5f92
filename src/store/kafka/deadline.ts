// How long a call may take, and who may end it sooner.
import { setTimeout as delay } from 'node:timers/promises';
import { SecretregError } from '../../errors.ts';
import { rootOf } from './causes.ts';

export interface Deadline {
  /** A time as `performance.now()` gives it. */
  at: number;
  /** The whole time there was, for messages. */
  ms?: number;
  signal?: AbortSignal | undefined;
}

/** The name of the error at a deadline. */
export const NO_ANSWER = 'NoAnswerInTime';

class NoAnswerInTime extends Error {
  override readonly name = NO_ANSWER;
  constructor() {
    super('the brokers did not answer in time');
  }
}

export function deadlineIn(ms: number, signal?: AbortSignal): Deadline {
  return { at: performance.now() + ms, ms, signal };
}

/** Whether the time is over, and nothing else went wrong. */
export function isOutOfTime(error: unknown): boolean {
  return rootOf(error).name === NO_ANSWER;
}

export function isOver({ at }: Deadline): boolean {
  return performance.now() >= at;
}

/**
 * Gives what the work gives, or fails at the deadline or the abort. The work itself goes on then, and what it gives is lost.
 */
export async function inTime<T>({ at, signal }: Deadline, work: () => Promise<T>): Promise<T> {
  if (signal?.aborted) throw new SecretregError('interrupted', {});
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswerInTime()), Math.max(at - performance.now(), 0));
  const interrupt = () => reject(new SecretregError('interrupted', {}));
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}

/** An abort ends the pause early; the caller sees it in the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
