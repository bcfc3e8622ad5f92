// Several real processes on one registry, and a system that refuses: locks, rights, and a disk without room.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { registryFolder } from '../store/sqlite-folder.ts';

let folder: ReturnType<typeof registryFolder>;
const stores: Store[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = registryFolder();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const store of stores.splice(0)) await store.close();
  folder.remove();
});

async function open(lockTimeoutMs = 5000, create = true) {
  const store = new SqliteStore({ file: folder.file, lockTimeoutMs });
  stores.push(store);
  const seen: StoredRecord[] = [];
  await store.open((record) => seen.push(record), { create });
  return { store, seen };
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');
  return text;
}

describe('two processes', () => {
  it('that write one key give each version once, and both see all', async () => {
    const args = ['first', 'second'].map((name) => [
      script('sqlite-writer.ts'),
      folder.file,
      name,
      '150',
    ]);
    const outputs = await Promise.all(args.map((arg) => outputOf(start(process.execPath, arg))));
    const given = outputs
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('version'))
      .map((line) => Number(line.split(' ')[1]));
    expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    const { seen, store } = await open();
    expect(fold(seen)['["key","p","k"]']).toBe('300');
    const lines = await allOf(store.readAudit());
    expect(lines.map(({ line }) => Number.parseInt(line, 10))).toEqual(
      Array.from({ length: 400 }, (_, i) => i + 1),
    );
  });

  it('that make one registry at the same moment both get it', async () => {
    const args = [script('sqlite-reader.ts'), folder.file, 'create'];
    const children = Array.from({ length: 4 }, () => start(process.execPath, args));
    const outputs = await Promise.all(children.map(outputOf));
    expect(outputs).toEqual(Array.from({ length: 4 }, () => '{"records":0}\n'));
    const { store } = await open();
    expect(await allOf(store.readAudit())).toHaveLength(4);
  });
});

describe('a lock held by another process', () => {
  it('ends with store-locked, and is waited out where it ends in time', async () => {
    const { store, seen } = await open(100);
    const holder = start(process.execPath, [script('sqlite-lock-holder.ts'), folder.file]);
    await once(holder.stdout!, 'data');
    await expect(store.transact(() => commit(1, { a: 'a1' }))).rejects.toMatchObject({
      code: 'store-locked',
      message: expect.stringContaining('nothing was written'),
    });
    const patient = await open(30_000);
    const write = patient.store.transact(() => commit(1, { a: 'a1' }));
    holder.stdin!.end();
    await write;
    await store.catchUp();
    expect(fold(seen)).toEqual({ a: 'a1' });
  });

  it('is gone with the process', async () => {
    await open();
    const holder = start(process.execPath, [script('sqlite-lock-holder.ts'), folder.file]);
    await once(holder.stdout!, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    const { store } = await open(1000);
    await store.transact(() => commit(1, { a: 'a1' }));
  });
});

describe('a user without rights', () => {
  // Root may do everything, so the child is somebody else.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  function asSomebodyElse(what: 'read' | 'write'): {
    records?: number;
    code?: string;
    message?: string;
  } {
    const args = [script('sqlite-reader.ts'), folder.file, what];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...nobody });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as { records?: number; code?: string; message?: string };
  }

  it('reads a readable file in a folder that is closed to writing, and leaves no trace', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    await store.close();
    chmodSync(folder.file, 0o444);
    chmodSync(folder.path, 0o555);
    const before = readFileSync(folder.file);
    expect(asSomebodyElse('read')).toEqual({ records: 1 });
    const refused = asSomebodyElse('write');
    expect(refused.code).toBe('store-unavailable');
    expect(refused.message).toContain('may not write the file or its folder');
    expect(readFileSync(folder.file)).toEqual(before);
    expect(readdirSync(folder.path)).toEqual(['registry.db']);
    chmodSync(folder.path, 0o755);
  });

  it('is told that the file cannot be opened', async () => {
    const { store } = await open();
    await store.close();
    chmodSync(folder.file, 0o000);
    chmodSync(folder.path, 0o755);
    for (const what of ['read', 'write'] as const) {
      expect(asSomebodyElse(what)).toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining('cannot be opened'),
      });
    }
    chmodSync(folder.path, 0o000);
    expect(asSomebodyElse('read')).toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('may not enter'),
    });
    chmodSync(folder.path, 0o700);
  });
});

describe('a disk that takes no more', () => {
  it('refuses the commit, loses nothing acknowledged, and works again when there is room', async () => {
    const { store } = await open();
    await store.close();
    // The log may grow to 1 MiB: every write beyond fails, as on a full disk or past a quota.
    const command = `ulimit -f 1024; exec "$0" "$@"`;
    const args = [
      '-c',
      command,
      process.execPath,
      script('sqlite-writer.ts'),
      folder.file,
      'first',
      '500',
    ];
    const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const output = await outputOf(child);
    expect(child.exitCode).toBe(1);
    expect(said).toMatch(/the disk (is full|reported an error).*nothing was written/);
    const acknowledged = output.split('\n').filter((line) => line.startsWith('version')).length;
    expect(acknowledged).toBeGreaterThan(10);

    const { store: again, seen } = await open();
    expect(fold(seen)['["key","p","k"]']).toBe(String(acknowledged));
    await again.transact(() => commit(acknowledged + 1, { a: 'a1' }));
    expect((await again.inspect()).facts.filter(({ state }) => state === 'fail')).toEqual([]);
  });
});
