// `externalize`, killed at any moment: no file is half of what it was, no value is lost, and a second run finishes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';
import { runningProcesses } from './running.ts';

const FILES = 40;
const nameOf = (at: number) => `orders-${at}`;
const valueOf = (at: number) => `canary-${at}-Kessel-Pumpe`;
const textOf = (at: number, password: string) =>
  `{"name":"${nameOf(at)}","config":{"connector.class":"X","connection.password":"${password}"}}\n`;
const before = (at: number) => textOf(at, valueOf(at));
const after = (at: number) => textOf(at, `\${secret:${nameOf(at)}:password}`);

let shell: CommandLine;
let folder: string;

beforeEach(async () => {
  shell = new CommandLine();
  folder = join(shell.home, 'connectors');
  mkdirSync(folder);
  for (let at = 0; at < FILES; at += 1) writeFileSync(fileOf(at), before(at));
  expect((await shell.run(['init'])).end).toBe(0);
});
afterEach(() => shell.remove());
// Behind that hook, and so ended before it: hooks at the end run from the last one on.
const running = runningProcesses();

const fileOf = (at: number) => join(folder, `${nameOf(at)}.json`);

/** Killed once it says so, or a while after it began. */
async function killed(when: string | number): Promise<void> {
  const args = [resolve('bin/secretreg.js'), 'externalize', 'connectors', '--yes'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: shell.home };
  const child = spawn(process.execPath, args, { cwd: shell.home, env });
  running.add(child);
  child.stdout.resume();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (typeof when === 'string' && said.includes(when)) child.kill('SIGKILL');
  });
  const timer =
    typeof when === 'number' ? setTimeout(() => child.kill('SIGKILL'), when) : undefined;
  await once(child, 'close');
  clearTimeout(timer);
}

/** How many files have their reference; what else lies in the folder has no value. */
function requireWholeFiles(): number {
  let done = 0;
  for (let at = 0; at < FILES; at += 1) {
    const text = readFileSync(fileOf(at), 'utf8');
    expect([before(at), after(at)]).toContain(text);
    if (text === after(at)) done += 1;
  }
  for (const name of readdirSync(folder).filter((it) => !it.endsWith('.json')))
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain('canary');
  return done;
}

test.each(['stored', `wrote connectors/${nameOf(3)}`, 150, 300, 450, 600])(
  'killed at %s, it can be run again',
  async (when) => {
    await killed(when);
    const done = requireWholeFiles();
    if (when === `wrote connectors/${nameOf(3)}`) expect(done).toBeGreaterThan(0);
    const { end, stdout, stderr } = await shell.run(['externalize', 'connectors', '--yes']);
    expect(end, stderr).toBe(0);
    expect(stdout + stderr).not.toContain('canary');
    expect(requireWholeFiles()).toBe(FILES);
    const { stdout: exported } = await shell.run(['export']);
    const stored = JSON.parse(exported) as Record<string, Record<string, string>>;
    expect(stored).toEqual(
      Object.fromEntries(
        Array.from({ length: FILES }, (_, at) => [nameOf(at), { password: valueOf(at) }]),
      ),
    );
    const { stdout: listed } = await shell.run(['list', nameOf(0), 'password', '-o', 'json']);
    expect(JSON.parse(listed)).toHaveLength(1);
  },
);
