// Looks at something again and again. Where that fails, it says so once, and tries again until there is an answer.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretregError } from '../errors.ts';

interface Watching {
  /** `isBack`: the look before failed. */
  look: (isBack: boolean) => Promise<void>;
  /** Called after a look that failed: what is kept from one look to the next may be of no use any more. */
  drop: () => Promise<void>;
  /** True where it has worked before, so that no error ends it but a fault of our own. */
  hasWorked?: boolean;
  intervalMs: number;
  /** What to say when it answers again. */
  back: string;
  /** A note for the person. */
  tell: (text: string) => void;
  /** Ends the looking. */
  signal?: AbortSignal;
}

/** Fails only with what no waiting will mend: faults of our own, and, until a look has worked, errors without exit code 3. */
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
    // The signal ends the wait with an error.
    await wait(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Where it has worked once, a refusal may pass too: a token may have expired, and be replaced in its file. */
function isPassing(error: unknown, hasWorked: boolean): error is SecretregError {
  if (!(error instanceof SecretregError) || error.code === 'ours') return false;
  return error.exit === 3 || hasWorked;
}
