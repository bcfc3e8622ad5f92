// Programs in Go that tests run, each built once from its pinned module.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';

const ROOT =
  process.env['SECRETREG_TEST_GO_PROGRAMS'] ?? resolve(import.meta.dirname, '../.go-programs');

/** Without Go they are left out, and say why; in CI they fail. */
export function describeGo(name: string, body: () => void): void {
  const isThere = process.env['CI'] || spawnSync('go', ['version']).status === 0;
  if (isThere) describe(name, body);
  else describe.skip(`${name} (left out: there is no Go)`, body);
}

/** Answers the program that `go install` makes of a module such as `github.com/nektos/act@v0.2.89`. */
export async function goProgram(module: string): Promise<string> {
  const name = module.replace(/^.*\//, '');
  const place = join(ROOT, name);
  if (existsSync(place)) return place;
  mkdirSync(ROOT, { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'new-'));
  try {
    const env = { ...process.env, GOBIN: folder };
    await promisify(execFile)('go', ['install', module], { env });
    renameSync(join(folder, name.replace(/@.*/, '')), place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return place;
}
