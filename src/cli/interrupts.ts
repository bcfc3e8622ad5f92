/**
 * From here on Ctrl-C and SIGTERM end nothing: what was asked for is durable. One that came while the commit held the event
 * loop is heard after it, and whoever read `interrupted` then would do all of it again. A second one ends the process, should it hang.
 */
export function ignoreInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => undefined);
}
