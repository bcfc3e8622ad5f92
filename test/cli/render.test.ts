// Files that hold values for a worker: who can read them, what is there between two runs, and what is left alone.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliveryFor, parseTarget } from '../../src/cli/render/deliveries.ts';
import type { Delivered } from '../../src/cli/render/delivery.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';

let root: string;
let place: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secretreg-render-'));
  place = join(root, 'run');
});
afterEach(() => rmSync(root, { recursive: true }));

const delivered = (connector: string, values: Record<string, string>): Delivered[] =>
  Object.entries(values).map(([key, value]) => ({ connector, key, value: SecretValue.of(value) }));

const to = (kind: 'directory' | 'file' | 'env', now = new Date()) =>
  deliveryFor(parseTarget(`${kind}:${place}`, '/'), undefined, now);
const write = (values: Record<string, string>, now?: Date) =>
  to('directory', now).write(delivered('orders', values))[0]?.changed;

const orders = () => join(place, 'orders');
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
/** What is there, without the names of generations. */
const names = () => readdirSync(orders()).filter((name) => !/^\.\.\w{6}$/.test(name));
const generations = () => readdirSync(orders()).filter((name) => /^\.\.\w{6}$/.test(name));
/** Each file with its inode and the time of its last change. */
const traces = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => lstatSync(join(folder, name), { bigint: true }))
    .map(({ ino, ctimeNs }) => `${ino} ${ctimeNs}`);

describe('directory:', () => {
  test.each(['000', '022', '077'])('only the owner reads, under umask %s', (umask) => {
    mkdirSync(orders(), { recursive: true, mode: 0o700 });
    const module = (name: string) => pathToFileURL(`src/${name}`).href;
    const code = `
      const { directoryDelivery } = await import('${module('cli/render/directory.ts')}');
      const { SecretValue } = await import('${module('domain/secret-value.ts')}');
      directoryDelivery({ place: process.argv[1], provider: 'directory', now: new Date() })
        .write([{ connector: 'orders', key: 'k', value: SecretValue.of('v') }]);`;
    const shell = `umask ${umask}; exec "$0" --input-type=module -e "$1" "$2"`;
    const { stderr } = spawnSync('bash', ['-c', shell, process.execPath, code, place], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(modeOf(join(orders(), 'k'))).toBe('400');
    expect(readFileSync(join(orders(), 'k'), 'utf8')).toBe('v');
    expect(modeOf(join(orders(), '..data'))).toBe('700');
  });

  test('values change by one rename: the links of the keys stay, the files of before go', () => {
    expect(write({ a: '1', b: '1' })).toBe(true);
    const [before] = generations();
    const link = lstatSync(join(orders(), 'a')).ino;
    expect(write({ a: '2', b: '1' })).toBe(true);
    expect(names()).toEqual(['..data', 'a', 'b']);
    expect(lstatSync(join(orders(), 'a')).ino).toBe(link);
    expect(generations()).toHaveLength(1);
    expect(generations()).not.toEqual([before]);
    expect(readlinkSync(join(orders(), '..data'))).toBe(generations()[0]);
    expect(readFileSync(join(orders(), 'a'), 'utf8')).toBe('2');
  });

  test('the same values change nothing', () => {
    write({ a: '1', b: '\n' });
    const before = traces(place);
    expect(write({ b: '\n', a: '1' })).toBe(false);
    expect(traces(place)).toEqual(before);
  });

  test.each<[string, () => void]>([
    ['another mode', () => chmodSync(join(orders(), 'a'), 0o444)],
    ['another value', () => rewrite(join(orders(), 'a'), '2')],
    ['a file missing', () => rmSync(join(orders(), '..data', 'a'))],
    ['a file more', () => writeFileSync(join(orders(), '..data', 'c'), '')],
    ['the link of a key missing', () => rmSync(join(orders(), 'a'))],
    [
      'no files behind the link',
      () => rmSync(join(orders(), generations()[0] ?? ''), { recursive: true }),
    ],
  ])('%s is put right', (_, change) => {
    write({ a: '1', b: '1' });
    change();
    expect(write({ a: '1', b: '1' })).toBe(true);
    expect(names()).toEqual(['..data', 'a', 'b']);
    expect(readFileSync(join(orders(), 'a'), 'utf8')).toBe('1');
    expect(modeOf(join(orders(), 'a'))).toBe('400');
    expect(readdirSync(join(orders(), '..data'))).toEqual(['a', 'b']);
  });

  test('a key that is not delivered any more is gone, and what is not ours stays', () => {
    write({ a: '1', b: '1' });
    writeFileSync(join(orders(), 'note.txt'), 'mine');
    write({ a: '1' });
    expect(names()).toEqual(['..data', 'a', 'note.txt']);
  });

  test('what a killed run has left goes with the next one, what a running one makes does not', () => {
    write({ a: '1' });
    const old = new Date(Date.now() - 120_000);
    for (const name of ['..killed', '..young0']) mkdirSync(join(orders(), name));
    writeFileSync(join(orders(), '..killed', 'a'), 'old value');
    utimesSync(join(orders(), '..killed'), old, old);
    write({ a: '1' });
    expect(existsSync(join(orders(), '..killed'))).toBe(false);
    expect(existsSync(join(orders(), '..young0'))).toBe(true);
    write({ a: '1' }, new Date(Date.now() + 120_000));
    expect(generations()).toEqual([readlinkSync(join(orders(), '..data'))]);
  });

  test('a link to elsewhere in place of ..data is replaced, not followed', () => {
    mkdirSync(orders(), { recursive: true, mode: 0o700 });
    const elsewhere = mkdtempSync(join(root, 'elsewhere-'));
    writeFileSync(join(elsewhere, 'a'), '1', { mode: 0o400 });
    symlinkSync(elsewhere, join(orders(), '..data'));
    expect(write({ a: '1' })).toBe(true);
    expect(readlinkSync(join(orders(), '..data'))).toMatch(/^\.\.\w{6}$/);
    expect(readdirSync(elsewhere)).toEqual(['a']);
  });

  test.each<[string, () => void, RegExp]>([
    ['a link in place of DIR', () => symlinkSync(root, place), /run' .*symbolic link/],
    ['a file in place of DIR', () => writeFileSync(place, ''), /run' /],
    [
      'a link in place of the connector',
      () => {
        mkdirSync(place);
        symlinkSync(root, orders());
      },
      /orders' .*symbolic link/,
    ],
    [
      'a file in place of ..data',
      () => {
        mkdirSync(join(orders(), '..data'), { recursive: true });
      },
      /orders' /,
    ],
    [
      'a link of somebody else in place of a key',
      () => {
        mkdirSync(orders(), { recursive: true });
        symlinkSync('/etc/passwd', join(orders(), 'a'));
      },
      /orders\/a' .*not made/,
    ],
  ])('%s ends it, and nothing is left', (_, prepare, reason) => {
    prepare();
    expect(() => write({ a: '1' })).toThrow(reason);
    if (existsSync(orders()) && !lstatSync(orders()).isSymbolicLink())
      expect(readdirSync(orders(), { recursive: true }).length).toBeLessThan(2);
  });
});

test('where the folder of one connector is refused, that of no other is changed', () => {
  write({ a: '1' });
  symlinkSync(root, join(place, 'payments'));
  const all = [...delivered('orders', { a: '2' }), ...delivered('payments', { a: '2' })];
  expect(() => to('directory').write(all)).toThrow(/payments' .*symbolic link/);
  expect(readFileSync(join(orders(), 'a'), 'utf8')).toBe('1');
});

describe('file:', () => {
  test('a link in its place is replaced, not followed, and the same values change nothing', () => {
    mkdirSync(place, { mode: 0o755 });
    const target = join(root, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, join(place, 'orders.properties'));
    const all = delivered('orders', { a: '1' });
    expect(to('file').write(all)[0]?.changed).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(modeOf(join(place, 'orders.properties'))).toBe('600');
    const before = traces(place);
    expect(to('file').write(all)[0]?.changed).toBe(false);
    expect(traces(place)).toEqual(before);
  });
});

describe.each(['directory', 'file', 'env'] as const)('who else may write (%s:)', (kind) => {
  /** The folder is `place`, in which the file of variables lies. */
  const put = () => {
    const at = kind === 'env' ? join(place, 'worker.env') : place;
    const all = delivered('orders', { a: '1' });
    return deliveryFor(parseTarget(`${kind}:${at}`, '/'), undefined, new Date()).write(all);
  };

  /** With a folder above it, of this mode. */
  function folders(above: number, own: number): void {
    place = join(root, 'above', 'run');
    mkdirSync(place, { recursive: true });
    chmodSync(place, own);
    chmodSync(join(root, 'above'), above);
  }

  test.each<[string, number, number, RegExp]>([
    ['everybody', 0o755, 0o757, /run' cannot be written: everybody may write there/],
    ['its group', 0o755, 0o770, /run' cannot be written: its group may write there/],
    ['everybody, were it sticky', 0o755, 0o1777, /run' .*: everybody may write there/],
    ['everybody above', 0o777, 0o700, /replaced in '.*above': everybody may write there/],
    ['a group above', 0o770, 0o700, /replaced in '.*above': its group may write there/],
  ])('%s is one too many', (_, above, own, reason) => {
    folders(above, own);
    expect(put).toThrow(reason);
    expect(readdirSync(place)).toEqual([]);
  });

  test('nobody can replace it in a sticky folder', () => {
    folders(0o1777, 0o750);
    expect(put()[0]?.changed).toBe(true);
  });

  test('a way by a link is looked at on both sides', () => {
    folders(0o755, 0o700);
    const [own, linked] = [place, join(root, 'links')];
    mkdirSync(linked);
    symlinkSync(join(root, 'above'), join(linked, 'above'));
    place = join(linked, 'above', 'run');
    chmodSync(linked, 0o777);
    expect(put).toThrow(/replaced in '.*links': everybody/);
    chmodSync(linked, 0o755);
    chmodSync(join(root, 'above'), 0o775);
    expect(put).toThrow(/replaced in '.*above': its group/);
    expect(readdirSync(own)).toEqual([]);
  });
});

describe('what cannot be delivered', () => {
  const cases: [string, 'directory' | 'file' | 'env', Delivered[], RegExp[]][] = [
    [
      'a slash',
      'directory',
      delivered('a/b', { 'c/d': '' }),
      [/connector 'a\/b': a slash/, /key 'c\/d'/],
    ],
    ['two leading dots', 'directory', delivered('..data', { a: '' }), [/two leading dots/]],
    ['a long name', 'directory', delivered('ä'.repeat(128), { a: '' }), [/at most 255 bytes/]],
    ['a long key', 'directory', delivered('o', { ['a'.repeat(256)]: '' }), [/at most 255 bytes/]],
    [
      'a name that is long with its ending',
      'file',
      delivered('a'.repeat(245), { a: '' }),
      [/at most 255 bytes/],
    ],
    ['a slash in a key of a file of properties', 'file', delivered('o', { 'c/d': '' }), []],
    [
      'upper and lower case',
      'env',
      delivered('o', { 'a.b': '', 'A-b': '' }),
      [/o:a\.b and o:A-b would both be the variable SECRET_O_A_B/],
    ],
    [
      'one name in two parts',
      'env',
      [...delivered('a_b', { c: '' }), ...delivered('a', { 'b.c': '' })],
      [/a_b:c and a:b\.c/],
    ],
    ...['a\nb', 'a\r', '\u0001', '\u007f', ' a', 'a\t', '"a', "'a", 'a\\b'].map(
      (value): [string, 'env', Delivered[], RegExp[]] => [
        JSON.stringify(value),
        'env',
        delivered('o', { a: value }),
        [/^the value of o:a cannot stand in an env file: it /],
      ],
    ),
    ...['a b', 'a"b', "a'b", '#a', '$a', '', '=', 'ä🔑', 'a\tb', '\u0085', '\u00a0'].map(
      (value): [string, 'env', Delivered[], RegExp[]] => [
        JSON.stringify(value),
        'env',
        delivered('o', { a: value }),
        [],
      ],
    ),
  ];
  test.each(cases)('%s (%s)', (_, kind, all, expected) => {
    const problems = to(kind).problems(all);
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  test.each(['directory', 'file'] as const)('a place that ends its own reference (%s)', (kind) => {
    place = '/run/a}b:c';
    expect(to(kind).problems([])).toEqual([
      expect.stringContaining("holds ':'"),
      expect.stringContaining("holds '}'"),
    ]);
  });
});

function rewrite(file: string, text: string): void {
  chmodSync(file, 0o600);
  writeFileSync(file, text);
  chmodSync(file, 0o400);
}
