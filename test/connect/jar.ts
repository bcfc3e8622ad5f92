// The plugin's jar as its source is now, built once: test files that run at the same time wait for the first of them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  globSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
/** Built plugins, each in a folder named after the state of its source. */
const BUILT = join(ROOT, '.connect/plugin');
export const JAR = 'secretreg-connect-0.1.0.jar';
const LONGEST_BUILD_MS = 180_000;

/** The file. */
export async function connectJar(): Promise<string> {
  const folder = join(BUILT, stateOfSource());
  const jar = join(folder, JAR);
  const lock = `${folder}.lock`;
  mkdirSync(BUILT, { recursive: true });
  const end = Date.now() + LONGEST_BUILD_MS;
  while (!existsSync(jar)) {
    if (take(lock)) await build(folder).finally(() => rmSync(lock, { recursive: true }));
    else if (Date.now() > end) throw new Error(`${lock} was not released; remove it`);
    else await sleep(200);
  }
  return jar;
}

/** Whether it is ours now. What a process that has ended left behind is taken over. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch {
    const holder = pidIn(lock);
    if (holder !== undefined && !isAlive(holder)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function pidIn(lock: string): number | undefined {
  const file = join(lock, 'pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Made beside its place and moved there, so that half of it is never taken for all. */
async function build(folder: string): Promise<void> {
  if (existsSync(join(folder, JAR))) return;
  const target = `${folder}-${process.pid}`;
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-connect.ts'), target]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(target, folder);
}

function stateOfSource(): string {
  const hash = createHash('sha256');
  const files = globSync(['connect/pom.xml', 'connect/src/main/**/*.*'], { cwd: ROOT }).sort();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}
