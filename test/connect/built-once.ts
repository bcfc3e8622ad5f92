// What Maven builds of connect/, once for each state of the source, in .connect/: test files that run at the same time wait
// for the first of them.
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = resolve(import.meta.dirname, '../..');
/** A build that has to fetch everything, on a busy machine, and those who wait for it. */
export const LONGEST_BUILD_MS = 240_000;

/** The folder `.connect/<name>/<state of the files>`, which `make` fills. */
export async function builtOnce(
  { name, files }: { name: string; files: readonly string[] },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(ROOT, '.connect', name, stateOf(files));
  const lock = `${folder}.lock`;
  mkdirSync(join(ROOT, '.connect', name), { recursive: true });
  const end = Date.now() + LONGEST_BUILD_MS;
  while (!existsSync(folder)) {
    if (take(lock)) await whole(folder, make).finally(() => rmSync(lock, { recursive: true }));
    else if (Date.now() > end) throw new Error(`${lock} was not released; remove it`);
    else await sleep(200);
  }
  return folder;
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
async function whole(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const half = `${folder}-${process.pid}`;
  try {
    await make(half);
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
}

function stateOf(patterns: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync([...patterns], { cwd: ROOT }).sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}
