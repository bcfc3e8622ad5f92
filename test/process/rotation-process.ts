// Processes that change the master key, and what has to be true after they were killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NEW, OLD } from './rotation-registry.ts';

/** Starts a script of this folder; `running` holds it until it ends. */
export function startScript(running: Set<ChildProcess>, script: string, ...args: string[]) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    wake();
    return (code ?? signal) as number | string;
  });
  const reached = async (count: number) => {
    while (lines.length < count && running.has(child))
      await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, lines, ended, reached };
}

/** With which code each key alone is refused. */
export const NOT_BEGUN = { old: 'no error', new: 'wrong-master-key' };
export const UNDER_WAY = { old: 'master-key-retiring', new: 'rotation-unfinished' };
export const DONE = { old: 'wrong-master-key', new: 'no error' };

/** The keys that open everything. */
export function keysFor(now: typeof DONE) {
  if (now.new === 'wrong-master-key') return { key: OLD };
  return { key: NEW, ...(now.new !== 'no error' && { oldKey: OLD }) };
}
