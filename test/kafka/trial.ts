import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** `npm run kafka` before it has said anything. */
export function trial(
  env: NodeJS.ProcessEnv = process.env,
): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, ['scripts/kafka.ts'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  });
}

/** `npm run kafka` once its broker answers, and the lines that it has printed. */
export async function startedTrial(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ child: ChildProcess; lines: string[] }> {
  const child = trial(env);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('put orders password')) break;
  }
  return { child, lines };
}
