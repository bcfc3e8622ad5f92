// Looking at something again and again until it is ended. What is away is told of once, and asked again until it is back.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretregError } from '../errors.ts';

interface Watching {
  /** `isBack`: the last one failed. */
  look: (isBack: boolean) => Promise<void>;
  /** After a look that failed: what is kept from one to the next may be of no use any more. */
  drop: () => Promise<void>;
  /** True where what is wrong from now on can only be passing. */
  hasWorked?: boolean;
  intervalMs: number;
  /** What to say when it answers again. */
  back: string;
  /** A note for the person. */
  tell: (text: string) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/** Fails only with what no waiting will mend: what was never right since it began. */
export async function keepLooking({
  look,
  drop,
  intervalMs,
  back,
  tell,
  ...more
}: Watching): Promise<void> {
  const { signal } = more;
  let { hasWorked = false } = more;
  let trouble: string | undefined;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    try {
      await look(trouble !== undefined);
      if (trouble !== undefined) tell(back);
      trouble = undefined;
      hasWorked = true;
    } catch (error) {
      if (isOver()) return;
      if (!isPassing(error, hasWorked)) throw error;
      if (error.code !== trouble) tell(`${error.message}; it is tried again`);
      trouble = error.code;
      await drop();
    }
    // Ended in the midst of it, there is nothing to wait for.
    await wait(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What was right once may have expired, and be replaced in its file. */
function isPassing(error: unknown, hasWorked: boolean): error is SecretregError {
  if (!(error instanceof SecretregError) || error.code === 'ours') return false;
  return error.exit === 3 || hasWorked;
}
