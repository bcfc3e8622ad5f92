// Processes that die or fail at named places (src/failpoint.ts), between two steps where nothing from outside can aim. They
// run the program with failpoints in it, which is built for this; the published one has none.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FAILPOINTS } from '../../src/failpoint.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { CommandLine, type Ended } from './command-line.ts';
import {
  type Effect,
  type Found,
  harmedCommands,
  look,
  makeHome,
  runAtHome,
} from './harmed-commands.ts';
import { DONE, keysFor, UNDER_WAY } from './rotation-process.ts';
import { bytesOf, contentUnder, KID_OLD, sealedUnderKid, startUp } from './rotation-registry.ts';

type Failpoint = (typeof FAILPOINTS)[number];
type One = `${Failpoint}=${'kill' | 'error'}`;
type At = One | `${One},${One}`;

const build = mkdtempSync(join(tmpdir(), 'secretreg-failpoints-'));
const template = new CommandLine();
let before: Awaited<ReturnType<typeof makeHome>>;
let beforeEvents: Found['events'];
let line: CommandLine;
let file: string;

beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/build.ts', '--failpoints', build]);
  before = await makeHome(template);
  beforeEvents = (await look(template.home, '')).events;
}, 120_000);
afterAll(() => {
  template.remove();
  rmSync(build, { recursive: true });
});

const lines: CommandLine[] = [];
afterEach(() => {
  for (const one of lines.splice(0)) one.remove();
});

function newHome(): void {
  line = new CommandLine();
  lines.push(line);
  cpSync(template.home, line.home, { recursive: true });
  file = join(line.home, 'registry.db');
}

/** A command that dies or fails there. */
function struck(at: At, args: readonly string[], input = ''): Promise<Ended> {
  const env = { SECRETREG_FAILPOINTS: at };
  return runAtHome(line, args, { input, env, bin: join(build, 'bin/secretreg.js') });
}

/** What the published program prints then; it has to end well. */
async function next(...args: string[]): Promise<string> {
  const { end, stdout, stderr } = await runAtHome(line, args, { input: 'made-up' });
  expect({ args, end, stderr: end === 0 ? '' : stderr }).toEqual({ args, end: 0, stderr: '' });
  return stdout;
}

/** Files that are not whole yet. */
function temporaryFiles(): string[] {
  return readdirSync(line.home).filter((name) => name.endsWith('.tmp'));
}

test('the published program has no failpoint', () => {
  const textOf = (folder: string) =>
    globSync(`${folder}/**/*.{js,cjs,cache,ts}`)
      .map((name) => readFileSync(name, 'latin1'))
      .join('\n');
  const words = [...FAILPOINTS, 'SECRETREG_FAILPOINTS'];
  const built = textOf(join(build, 'dist'));
  expect(words.filter((word) => !built.includes(word))).toEqual([]);
  const published = textOf('dist');
  expect(published.length).toBeGreaterThan(1_000_000);
  expect(words.filter((word) => published.includes(word))).toEqual([]);
});

interface Row {
  at: At;
  command: keyof typeof harmedCommands;
  end: number | 'SIGKILL';
  effect: Effect;
  /** How many audit lines of its method there are more. */
  told: number;
  /** What it says where it ends with an error. */
  says?: string;
  /** How the same command ends then. */
  again?: number;
}

const rows: Row[] = [
  { at: 'commit-done=kill', command: 'put', end: 'SIGKILL', effect: 'whole', told: 2 },
  { at: 'commit-done=error', command: 'put', end: 0, effect: 'whole', told: 2 },
  {
    at: 'commit-done=error,commit-settling=kill',
    command: 'put',
    end: 'SIGKILL',
    effect: 'whole',
    told: 2,
  },
  {
    at: 'commit-done=error,commit-settling=error',
    command: 'put',
    end: 3,
    effect: 'whole',
    told: 2,
    says: 'it could not be found out whether the registry at ',
  },
  {
    at: 'commit-done=kill',
    command: 'delete',
    end: 'SIGKILL',
    effect: 'whole',
    told: 4,
    again: 1,
  },
  { at: 'commit-done=error', command: 'delete', end: 0, effect: 'whole', told: 4, again: 1 },
  { at: 'commit-done=kill', command: 'get', end: 'SIGKILL', effect: 'none', told: 1 },
  { at: 'commit-done=error', command: 'get', end: 0, effect: 'whole', told: 1 },
  { at: 'read-audited=kill', command: 'get', end: 'SIGKILL', effect: 'none', told: 1 },
  { at: 'file-ready=kill', command: 'resolve', end: 'SIGKILL', effect: 'none', told: 1 },
  {
    at: 'file-ready=error',
    command: 'resolve',
    end: 3,
    effect: 'none',
    told: 1,
    says: "out.json' cannot be written: the disk reported an error",
  },
  { at: 'commit-done=kill', command: 'rotate', end: 'SIGKILL', effect: 'none', told: 1 },
  { at: 'commit-done=error', command: 'rotate', end: 0, effect: 'whole', told: 1 },
  { at: 'rotation-reencrypted=kill', command: 'rotate', end: 'SIGKILL', effect: 'none', told: 1 },
  { at: 'rotation-retired=kill', command: 'rotate', end: 'SIGKILL', effect: 'whole', told: 1 },
];

describe('a command on a file', () => {
  test.each(rows)('$command with $at', async ({ at, command, ...row }) => {
    newHome();
    const { args, input = '', method, effect } = harmedCommands[command]!;
    const { end, stdout, stderr } = await struck(at, args, input);
    expect(end).toBe(row.end);
    if (row.says === undefined) expect(stderr).toBe('');
    else expect(stderr).toContain(row.says);
    if (end !== 0) expect(stdout).toBe('');
    const found = await look(line.home, stdout);
    expect(effect(found, before)).toBe(row.effect);
    expect((found.events[method] ?? 0) - (beforeEvents[method] ?? 0)).toBe(row.told);
    expect((await runAtHome(line, args, { input })).end).toBe(row.again ?? 0);
    await look(line.home, '');
  });
});

describe('what a kill leaves', () => {
  test('of a file that has no name yet is for its owner alone, and doctor names it', async () => {
    newHome();
    const { end } = await struck('file-ready=kill', ['resolve', '@orders.json', '-O', '@out.json']);
    expect(end).toBe('SIGKILL');
    const [left = '', ...more] = temporaryFiles();
    expect(more).toEqual([]);
    expect(statSync(join(line.home, left)).mode & 0o777).toBe(0o600);
    const { stdout } = await runAtHome(line, ['doctor']);
    expect(stdout).toContain(`left behind: ${join(line.home, left)}: `);
  });

  test('of a file that could not get its name is nothing', async () => {
    newHome();
    await struck('file-ready=error', ['resolve', '@orders.json', '-O', '@out.json']);
    expect(temporaryFiles()).toEqual([]);
  });

  test.each([
    ['kill', 'SIGKILL', true],
    ['error', 3, false],
  ] as const)(
    'of externalize with file-ready=%s is the file as it was',
    async (what, wanted, isUndone) => {
      newHome();
      const text =
        '{"name":"plain","config":{"connector.class":"X","connection.password":"Kessel-Pumpe"}}\n';
      const plain = line.file('plain.json', text);
      const args = ['externalize', 'plain.json', '--yes'];
      expect((await struck(`file-ready=${what}`, args)).end).toBe(wanted);
      expect(readFileSync(plain, 'utf8')).toBe(text);
      const undo = `${plain}.secretreg-undo`;
      expect(existsSync(undo)).toBe(isUndone);
      if (isUndone) expect(readFileSync(undo, 'utf8')).not.toContain('Kessel');
      expect(await next('get', 'plain', 'password')).toBe('Kessel-Pumpe');
      await next(...args);
      expect(readFileSync(plain, 'utf8')).toBe(
        text.replace('Kessel-Pumpe', '${secret:plain:password}'),
      );
      expect(await next('list', 'plain', 'password')).toMatch(/^[^\n]*\n$/);
    },
  );

  test('of audit prune is a trail that fits, and no text of what was removed', async () => {
    newHome();
    const printed = await next('audit', '-o', 'jsonl');
    const removed = [...printed.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id);
    expect(removed.length).toBeGreaterThan(0);
    const isThere = (id: string) => bytesOf(file).includes(id);
    expect(removed.filter((id) => !isThere(id))).toEqual([]);
    const args = ['audit', 'prune', '--before', new Date().toISOString(), '--yes'];
    expect((await struck('trail-pruned=kill', args)).end).toBe('SIGKILL');
    await next('audit', 'verify');
    expect(removed.filter(isThere)).toEqual([]);
    await next(...args);
    expect((await look(line.home, '')).values).toEqual(before);
  });

  test.each(['copy-proved=kill', 'file-ready=kill'] as const)(
    'of backup with %s is no copy',
    async (at) => {
      newHome();
      const copy = join(line.home, 'copies', 'copy.db');
      mkdirSync(dirname(copy));
      expect((await struck(at, ['backup', copy])).end).toBe('SIGKILL');
      expect(existsSync(copy)).toBe(false);
      await next('backup', copy);
      await next('audit', 'verify', '--registry', `file:${copy}`);
      expect((await look(line.home, '')).events['registry.Backup']).toBe(2);
    },
  );

  test('of init is a key, which the next one takes', async () => {
    newHome();
    const places = {
      SECRETREG_REGISTRY: `file:${line.home}/new.db`,
      SECRETREG_MASTER_KEY_FILE: join(line.home, 'made.key'),
    };
    const env = { ...places, SECRETREG_FAILPOINTS: 'key-made=kill' };
    const bin = join(build, 'bin/secretreg.js');
    expect((await runAtHome(line, ['init'], { bin, env })).end).toBe('SIGKILL');
    const key = readFileSync(join(line.home, 'made.key'), 'utf8');
    expect((await runAtHome(line, ['get', 'orders', 'user'], { env: places })).stderr).toContain(
      'no registry',
    );
    expect((await runAtHome(line, ['init'], { env: places })).end).toBe(0);
    expect(readFileSync(join(line.home, 'made.key'), 'utf8')).toBe(key);
  });

  test('of a change of the master key behind its last commit is removed by the same command', async () => {
    newHome();
    const args = ['rotate', '--new-key-file', '@new.key'];
    expect((await struck('rotation-retired=kill', args)).end).toBe('SIGKILL');
    // One is the check value of the old key's descriptor.
    expect(sealedUnderKid(bytesOf(file), KID_OLD)).toBeGreaterThan(1);
    // While somebody has the file open, SQLite keeps its log when a process ends.
    const other = new DatabaseSync(file);
    other.prepare('SELECT count(*) FROM records').get();
    await next(...args);
    expect(sealedUnderKid(bytesOf(file), KID_OLD)).toBe(1);
    other.close();
    expect(await startUp(file)).toEqual(DONE);
  });
});

describeKafka('a command on a topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  test.each([
    ['kill', 'SIGKILL', ''],
    ['error', 0, 'orders\tpassword\t1\n'],
  ] as const)('with transaction-ended=%s', async (what, end, stdout) => {
    newHome();
    const place = `kafka://${broker.address}/ended-${what}`;
    const env = { SECRETREG_REGISTRY: place };
    const bin = join(build, 'bin/secretreg.js');
    const ended = { bin, env: { ...env, SECRETREG_FAILPOINTS: `transaction-ended=${what}` } };
    expect((await runAtHome(line, ['init'], { env })).end).toBe(0);
    const put = ['put', 'orders', 'password', '-'];
    expect(await runAtHome(line, put, { ...ended, input: 'one' })).toMatchObject({ end, stdout });
    expect(await runAtHome(line, put, { env, input: 'two' })).toMatchObject({
      end: 0,
      stdout: 'orders\tpassword\t2\n',
    });
    const rotate = ['rotate', '--new-key-file', '@new.key'];
    expect((await runAtHome(line, rotate, ended)).end).toBe(end);
    const now = await startUp(place);
    expect(now).toEqual(what === 'kill' ? UNDER_WAY : DONE);
    expect((await runAtHome(line, rotate, { env })).end).toBe(0);
    expect(await contentUnder(place, keysFor(await startUp(place)))).toMatchObject({
      'orders:password 1': { value: 'one' },
      'orders:password 2': { value: 'two' },
      'orders:password': 2,
      alarms: [],
      auditFault: undefined,
    });
    const writes = await runAtHome(line, ['audit', '--method', 'secret.Write', '-o', 'table'], {
      env: { ...env, SECRETREG_MASTER_KEY_FILE: join(line.home, 'new.key') },
    });
    expect(writes.stdout.match(/\bok$/gm)).toHaveLength(2);
  });
});
