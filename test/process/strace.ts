// Faults of the system: the nth call of a name fails, or the process is killed as it enters it. strace puts them there,
// so the program is the built one, as it is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe } from 'vitest';

/** Where strace may not trace they are left out, and say why; in CI they fail. */
export function describeTraced(name: string, body: () => void): void {
  const { status, stderr, error } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], {
    encoding: 'utf8',
  });
  if (status === 0 || process.env['CI']) describe(name, body);
  else {
    const why = error === undefined ? stderr.trim().split('\n')[0] : 'there is no strace';
    describe.skip(`${name} (left out: ${why})`, body);
  }
}

/** A call of the main thread of a process. */
export interface SystemCall {
  name: string;
  /** From 1 on, among the calls of this name in that thread. */
  nth: number;
  /** The file's name, or `stdout`, `stderr`. */
  of: string;
}

/** `from then on`: a disk that stays broken. */
export type Harm =
  | 'EIO'
  | 'ENOSPC'
  | 'EINTR'
  | 'SIGKILL'
  | 'EIO from then on'
  | 'ENOSPC from then on';

/** What writes, reads, makes, moves and removes files. */
const TRACED = [
  ...['openat', 'close', 'pread64', 'pwrite64', 'write', 'fsync', 'fdatasync', 'ftruncate'],
  ...['fchmod', 'mkdir', 'rename', 'unlink'],
];

/** The harms that such a call can meet. What Node.js itself needs to live, as `write` to its own pipes, fails once only. */
export function harmsTo({ name }: SystemCall): readonly Harm[] {
  const once = ['EIO', 'EINTR', 'SIGKILL'] as const;
  if (name === 'close') return once;
  if (name === 'pread64') return [...once, 'EIO from then on'];
  const ofFiles = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate'].includes(name);
  return [
    ...once,
    'ENOSPC',
    ...(ofFiles ? (['EIO from then on', 'ENOSPC from then on'] as const) : []),
  ];
}

/** strace and its arguments, for a program that stands behind them; what it saw goes to the file `log`. */
export function traced(log: string, inject?: { call: SystemCall; harm: Harm }): string[] {
  const words = ['strace', '-f', '-y', '-qq', '-o', log, '-e', `trace=${TRACED.join()}`];
  if (inject === undefined) return words;
  const { call, harm } = inject;
  const [error = '', ...lasting] = harm.split(' ');
  const what = error === 'SIGKILL' ? 'signal=KILL' : `error=${error}`;
  const when = `when=${call.nth}${lasting.length > 0 ? '+' : ''}`;
  return [...words, '-e', `inject=${call.name}:${what}:${when}`];
}

/** The calls that touch this folder or the output, in their order. */
export function callsIn(log: string, folder: string): SystemCall[] {
  const counts = new Map<string, number>();
  const calls: SystemCall[] = [];
  for (const { name, text } of linesOf(log)) {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const of = target(name, text, folder);
    if (of !== undefined) calls.push({ name, nth, of });
  }
  return calls;
}

/** True where the harm befell the call that it was meant for: what a process calls before it differs a little from run to run. */
export function hasStruck(log: string, { call, harm }: { call: SystemCall; harm: Harm }): boolean {
  const text = readFileSync(log, 'utf8');
  if (harm === 'SIGKILL') return text.includes('killed by SIGKILL');
  const line = text.split('\n').find((one) => one.includes('(INJECTED)')) ?? '';
  return line.includes(NAMES[call.of] ?? call.of.replace(/^\.secretreg-.*/, '.secretreg-'));
}

/** As strace shows them. */
const NAMES: Readonly<Record<string, string>> = { stdout: '(1<', stderr: '(2<' };

function linesOf(log: string): { name: string; text: string }[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  const main = /^\d+/.exec(lines[0] ?? '')?.[0];
  return lines.flatMap((text) => {
    const [, thread, name] = /^(\d+) +(\w+)\(/.exec(text) ?? [];
    return thread === main && name !== undefined ? [{ name, text }] : [];
  });
}

function target(name: string, text: string, folder: string): string | undefined {
  const output = name === 'write' ? /\(([12])<(?:pipe|socket)/.exec(text)?.[1] : undefined;
  if (output !== undefined) return output === '1' ? 'stdout' : 'stderr';
  const quoted = ['openat', 'mkdir', 'rename', 'unlink'].includes(name);
  const file = (quoted ? /"([^"]*)"/ : /\(\d+<([^>]*)>/).exec(text)?.[1];
  return file?.startsWith(folder) || file?.startsWith('.secretreg-') ? basename(file) : undefined;
}
