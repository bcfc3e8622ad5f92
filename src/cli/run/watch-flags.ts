// The options of `run --watch`.
import { constants } from 'node:os';
import { SecretregError } from '../../errors.ts';
import { durationOption } from '../times.ts';

export interface WatchFlags {
  watch?: boolean;
  every?: string;
  killAfter?: string;
  signal?: string;
  files?: boolean;
  filesIn?: string;
}

export interface WatchPlan {
  intervalMs: number;
  graceMs: number;
  /** Sent in place of a restart. */
  signal: NodeJS.Signals | undefined;
}

const wrong = (reason: string) => new SecretregError('wrong-use', { reason });

/** Fails with wrong-use. */
export function watchPlan({ watch, every, killAfter, signal, ...flags }: WatchFlags): WatchPlan {
  const alone = Object.entries({ '--every': every, '--kill-after': killAfter, '--signal': signal });
  for (const [option, value] of alone)
    if (value !== undefined && !watch) throw wrong(`${option} is for --watch`);
  if (signal !== undefined && !flags.files && flags.filesIn === undefined)
    throw wrong('--signal is for --files: nobody can change the variables of a program that runs');
  return {
    intervalMs: durationOption('--every', every ?? '2s'),
    graceMs: durationOption('--kill-after', killAfter ?? '10s'),
    signal: signal === undefined ? undefined : signalNamed(signal),
  };
}

/** `HUP` or `SIGHUP`. */
function signalNamed(text: string): NodeJS.Signals {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  if (Object.hasOwn(constants.signals, name)) return name as NodeJS.Signals;
  throw wrong(`--signal '${text}' is no signal; right would be HUP or USR1`);
}
