// Measuring several contestants in turn, so that whatever else loads the machine loads all of them alike.
import { spawnSync } from 'node:child_process';

/** Milliseconds. */
export interface Summary {
  median: number;
  least: number;
  most: number;
  repeats: number;
}

/** Runs every contestant once a round, each time in another order; the first round only warms up. Answers milliseconds. */
export function inTurn<Name extends string>(
  contestants: Record<Name, (round: number) => number>,
  rounds: number,
): Record<Name, number[]> {
  const names = Object.keys(contestants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    const turn = round % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const took = contestants[name](round);
      if (round > 0) samples[name].push(took);
    }
  }
  return samples;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new RangeError('nothing was measured');
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high;
}

export function summaryOf(samples: readonly number[]): Summary {
  const least = Math.min(...samples);
  const most = Math.max(...samples);
  return { median: median(samples), least, most, repeats: samples.length };
}

export interface ProcessOptions {
  /** Also the home folder, so that no settings of whoever measures are read. */
  folder: string;
  /** The exit code that is right; 0 by default. */
  exit?: number;
}

/** The time of a process of this very Node from its start to its end. */
export function timeNode(args: readonly string[], options: ProcessOptions): number {
  const begun = performance.now();
  runNode(args, options, 'ignore');
  return performance.now() - begun;
}

/** What such a process prints. */
export function outputOf(args: readonly string[], options: ProcessOptions): string {
  return runNode(args, options, 'pipe');
}

function runNode(
  args: readonly string[],
  { folder, exit = 0 }: ProcessOptions,
  stdout: 'ignore' | 'pipe',
): string {
  const {
    status,
    signal,
    stderr,
    stdout: printed,
  } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { HOME: folder, PATH: process.env['PATH'] },
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
  });
  if (status === exit) return printed ?? '';
  throw new Error(`${args.join(' ')} ended with ${status ?? signal}: ${stderr}`);
}
