// What stands in a checkout that is no file must not stop a run for ever.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inputFiles } from '../../src/cli/input-files.ts';
import type { Io } from '../../src/cli/io.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a folder', folder],
  ['a pattern', join(folder, '*.json')],
])('a link to a device and a pipe, found by %s, are told and not read', async (_what, name) => {
  rmSync(join(folder, 'pipe.json'), { force: true });
  rmSync(join(folder, 'zero.json'), { force: true });
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  symlinkSync('/dev/zero', join(folder, 'zero.json'));
  writeFileSync(join(folder, 'a.json'), '{}');
  const read = await Promise.allSettled(inputFiles({} as Io, [name]).map((input) => input.read()));
  const told = { status: 'rejected', reason: { code: 'file-unreadable' } };
  expect(read).toMatchObject([{ status: 'fulfilled', value: '{}' }, told, told]);
});

test('a pipe that is named is read, also where what is no connector is skipped', async () => {
  const pipe = join(folder, 'named');
  execFileSync('mkfifo', [pipe]);
  const [input] = inputFiles({} as Io, [pipe], { found: true });
  spawn('sh', ['-c', 'printf {} > "$1"', 'sh', pipe]);
  expect(await input?.read()).toBe('{}');
});

test('a file that is called as a pattern is, is that file', () => {
  for (const name of ['orders[1].json', 'orders1.json']) writeFileSync(join(folder, name), '{}');
  const files = (name: string) => inputFiles({} as Io, [join(folder, name)]).map((it) => it.file);
  expect(files('orders[1].json')).toEqual([join(folder, 'orders[1].json')]);
  expect(files('orders[12].json')).toEqual([join(folder, 'orders1.json')]);
});

test.each([
  ['empty', ''],
  ['with a byte order mark', '\uFEFF{"a": "ä€😀"}'],
  ['as long as what is read at once', 'ä'.repeat(2 ** 15)],
  ['one byte shorter than that', 'a'.repeat(2 ** 16 - 1)],
  ['longer than that', `${'a'.repeat(2 ** 16 - 1)}€${'b'.repeat(2 ** 16)}`],
])('the text of a file in a folder is all of it: %s', async (_what, text) => {
  expect(await readAlone(Buffer.from(text))).toBe(text);
});

const NOT_IN_UTF_8: [string, (text: string) => Buffer][] = [
  ['it is not UTF-8 text', (text) => Buffer.from(`${text}ß`, 'latin1')],
  ['it is not UTF-8 text', (text) => Buffer.from(`${text}${' '.repeat(2 ** 16)}ß`, 'latin1')],
  ['it is UTF-16LE, and connector files are UTF-8', (text) => Buffer.from(text, 'utf16le')],
  [
    'it is UTF-16BE, and connector files are UTF-8',
    (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  ],
];

test.each(NOT_IN_UTF_8)('a connector in a folder is told of: %s', async (reason, bytes) => {
  await expect(readAlone(bytes('{"connector.class": 1}'))).rejects.toMatchObject({
    params: { reason },
  });
});

test.each(NOT_IN_UTF_8)('what is no connector is not told of: %s', async (_reason, bytes) => {
  expect(await readAlone(bytes('{"version": 1}'))).toBe('');
});

test.each(NOT_IN_UTF_8)('nor is it where it is named to be skipped: %s', async (_reason, bytes) => {
  const file = join(folder, 'messages.properties');
  writeFileSync(file, bytes('titel='));
  const io = { stdin: [readFileSync(file)] } as unknown as Io;
  for (const name of [file, '-']) {
    const read = (found: boolean) => inputFiles(io, [name], { found })[0]?.read();
    expect(await read(true), name).toBe('');
    await expect(read(false)).rejects.toMatchObject({ code: 'file-unreadable' });
  }
});

test('a folder is searched for names in upper case too, and docs/ci.md lists their endings', () => {
  const own = mkdtempSync(join(folder, 'upper-'));
  const [, list = ''] = /names end in ([^]*?), in upper case/.exec(page()) ?? [];
  const endings = [...list.matchAll(/`(\.\w+)`/g)].map(([, ending = '']) => ending);
  for (const ending of endings) writeFileSync(join(own, `a${ending.toUpperCase()}`), '{}');
  writeFileSync(join(own, 'a.MD'), '');
  const found = inputFiles({} as Io, [own]).map(({ file }) => basename(file));
  expect(found).toEqual(endings.map((ending) => `a${ending.toUpperCase()}`).sort());
  expect(listed()).toEqual(endings);
});

function page(): string {
  return readFileSync('docs/ci.md', 'utf8');
}

/** What is told of a folder in which there is no such file. */
function listed(): string[] {
  try {
    inputFiles({} as Io, [mkdtempSync(join(folder, 'empty-'))]);
    return [];
  } catch (error) {
    return (error as Error).message.match(/(?<=[( ])\.\w+/g) ?? [];
  }
}

async function readAlone(bytes: Buffer): Promise<string | undefined> {
  const own = mkdtempSync(join(folder, 'own-'));
  writeFileSync(join(own, 'a.json'), bytes);
  const [input] = inputFiles({} as Io, [own]);
  return input?.read();
}
