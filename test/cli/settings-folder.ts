// A machine for one test: a home, and a folder deep in a project, where the settings are read.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Io, plain } from '../../src/cli/io.ts';
import { readSettings, type SharedFlags } from '../../src/cli/settings.ts';

export let root: string;
let cwd: string;

/** Makes it before each test of the file, and takes it away behind it. */
export function useFolder(): void {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'secretreg-settings-')));
    cwd = join(root, 'project', 'deep', 'er');
    mkdirSync(cwd, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));
}

export function put(file: string, ...lines: string[]): string {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), `${lines.join('\n')}\n`);
  return join(root, file);
}

export function read(flags: SharedFlags = {}, env: Record<string, string> = {}) {
  return readSettings(flags, ioWith(env));
}

export function ioWith(env: Record<string, string>): Io {
  const { stdin, stdout, stderr } = process;
  const home = { HOME: join(root, 'home') };
  return {
    env: { ...home, ...env },
    cwd,
    stdin,
    stdout,
    stderr,
    style: plain,
    errorStyle: plain,
    clock: () => new Date(0),
  };
}

/** With the folders in place of ROOT and CWD. */
export function filled(text: string): string {
  return text.replaceAll('CWD', cwd).replaceAll('ROOT', root);
}
