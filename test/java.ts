// A Java program of one file that a test puts beside ours; it is started once, and answers line for line.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe } from 'vitest';

/** Without Java they are left out, and say why; in CI they fail. */
export function describeJava(name: string, body: () => void): void {
  const isThere = process.env['CI'] || spawnSync('java', ['-version']).status === 0;
  if (isThere) describe(name, body);
  else describe.skip(`${name} (left out: there is no java)`, body);
}

export async function runJavaFile(
  file: string,
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<string[]> {
  const running = promisify(execFile)('java', [file, ...args], { maxBuffer: 1024 ** 3 });
  // A program that ends early closes its input; what it said stands in the error of the run.
  running.child.stdin?.on('error', () => undefined).end(lines.map((line) => `${line}\n`).join(''));
  const { stdout } = await running;
  return stdout.split('\n').slice(0, -1);
}
