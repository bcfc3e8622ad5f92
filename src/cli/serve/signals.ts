/** Resolves with the first signal to stop; the second one ends the process at once. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(130);
        isStopping = true;
        resolve(signal);
      });
    }
  });
}

export function onHangup(reload: () => void): void {
  process.on('SIGHUP', reload);
}
