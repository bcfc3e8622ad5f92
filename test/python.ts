// Programs from PyPI that tests run, each installed once from its pinned list.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';

const ROOT = process.env['SECRETREG_TEST_FUZZER'] ?? resolve(import.meta.dirname, '../.fuzzer');

/** Without Python they are left out, and say why; in CI they fail. */
export function describePython(name: string, body: () => void): void {
  const isThere =
    process.env['CI'] || spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
  if (isThere) describe(name, body);
  else describe.skip(`${name} (left out: there is no Python 3 with pip)`, body);
}

/** Answers the folder of the packages that a requirements.txt lists: PYTHONPATH. */
export async function installed(requirements: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const place = join(ROOT, digest.slice(0, 16));
  if (existsSync(place)) return place;
  mkdirSync(ROOT, { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'new-'));
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await promisify(execFile)('python3', [...args, '--target', folder, '-r', requirements]);
    renameSync(folder, place);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another test file was quicker.
    if (!existsSync(place)) throw error;
  }
  return place;
}
