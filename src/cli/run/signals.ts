// Signals that would end us are handed to the command instead: it decides what they mean, and we end when it does. Those that
// the kernel sends for faults of our own (SIGSEGV and the like) are left alone; SIGKILL and SIGSTOP cannot be caught.
import { constants } from 'node:os';

const PASSED_ON = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const),
  ...(['SIGABRT', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGPWR', 'SIGSTKFLT'] as const),
  ...(['SIGSYS', 'SIGTRAP', 'SIGXCPU', 'SIGXFSZ'] as const),
];

/** The signals that are sent to end a program. */
const ENDING = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

export function isEnding(signal: NodeJS.Signals): boolean {
  return ENDING.has(signal);
}

/** Hands on signals from now on, until the function that it answers is called. */
export function passSignals(to: (signal: NodeJS.Signals) => void): () => void {
  const handlers = PASSED_ON.map((signal) => [signal, () => to(signal)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** What a shell says of a program that ended so. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
