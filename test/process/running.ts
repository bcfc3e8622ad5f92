import type { ChildProcess } from 'node:child_process';
import { afterEach } from 'vitest';

/** The processes of a test, for whoever starts them to hold: those that are left at its end are killed. */
export function runningProcesses(): Set<ChildProcess> {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  return running;
}
