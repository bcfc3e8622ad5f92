// Commands that write, each with what it leaves where it was done: the tests of faults hold what they find against it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { allOf } from '../contract/store.contract.ts';
import { caller, init, keyText, name, path, v, write } from '../registry/fixture.ts';
import type { CommandLine, Ended, RunOptions } from './command-line.ts';
import { DONE, keysFor, NOT_BEGUN } from './rotation-process.ts';
import { contentUnder, OLD, openFile, real, startUp, storeAt } from './rotation-registry.ts';

/** What stands in the registry: the state and value of each version, and the last number of each key. */
type Values = Record<string, unknown>;

export interface Found {
  values: Values;
  /** How many audit lines there are of each method. */
  events: Record<string, number>;
  /** With which code each key alone is refused. */
  startUp: typeof DONE;
  home: string;
  stdout: string;
}

export type Effect = 'whole' | 'none' | 'torn';

export interface HarmedCommand {
  /** A place in the home for each argument that begins with `@`. */
  args: readonly string[];
  input?: string;
  /** Its audit lines are of this method. */
  method: string;
  effect: (found: Found, before: Values) => Effect;
}

const CONNECTOR = { name: 'orders', config: { password: '${secret:orders:password}' } };
const RESOLVED = { name: 'orders', config: { password: 'password of version 2' } };
const EXPORTED = {
  billing: { token: 'token of version 2' },
  orders: { password: 'password of version 2', user: 'user of version 2' },
};
const OLD_OUTPUT = 'what stood there before\n';

/** A home with a registry, its key, the key to come, a connector file and an output of before. */
export async function makeHome(line: CommandLine): Promise<Values> {
  line.file('master.key', `${keyText(0)}\n`);
  line.file('new.key', `${keyText(50)}\n`);
  line.file('orders.json', JSON.stringify(CONNECTOR));
  line.file('out.json', OLD_OUTPUT);
  const file = join(line.home, 'registry.db');
  await init(await storeAt(file), real);
  const { core, close } = await openFile(file, { key: OLD });
  const registry = registryFor(core, caller);
  for (const version of [1, 2]) {
    const value = (key: string) => `${key} of version ${version}`;
    await registry.write([
      write('orders', 'password', value('password')),
      write('orders', 'user', value('user')),
      write('billing', 'token', value('token')),
    ]);
  }
  await registry.delete({ path: path('billing'), key: name('token'), version: v(1) });
  await close();
  return valuesOf(await contentUnder(file, { key: OLD }));
}

export const harmedCommands: Readonly<Record<string, HarmedCommand>> = {
  put: {
    args: ['put', 'orders', '--json', '-'],
    input: JSON.stringify({ password: 'third password', user: 'third user' }),
    method: 'secret.Write',
    effect: ({ values }, before) =>
      either(values, before, {
        ...before,
        'orders:password': 3,
        'orders:password 3': 'enabled third password',
        'orders:user': 3,
        'orders:user 3': 'enabled third user',
      }),
  },
  delete: {
    args: ['delete', 'orders', '--permanent', '--yes'],
    method: 'secret.Destroy',
    effect: ({ values }, before) =>
      either(
        values,
        before,
        Object.fromEntries(Object.entries(before).filter(([what]) => !/^orders:\w+ /.test(what))),
      ),
  },
  rotate: {
    args: ['rotate', '--new-key-file', '@new.key'],
    method: 'masterKey.Rotate',
    effect: ({ values, startUp }, before) => {
      if (!isDeepStrictEqual(values, before)) return 'torn';
      // Between the two it is under way, which is part of being asked for: the same command goes on.
      return isDeepStrictEqual(startUp, DONE) ? 'whole' : 'none';
    },
  },
  get: {
    args: ['get', 'orders', 'user'],
    method: 'secret.Read',
    effect: ({ values, stdout }, before) =>
      and(either(values, before, before), either(stdout, '', 'user of version 2')),
  },
  resolve: {
    args: ['resolve', '@orders.json', '-O', '@out.json'],
    method: 'secret.Read',
    effect: ({ values, home }, before) =>
      and(
        either(values, before, before),
        either(output(home, 'out.json'), OLD_OUTPUT, JSON.stringify(RESOLVED)),
      ),
  },
  export: {
    args: ['export', '@all.json'],
    method: 'secret.Read',
    effect: ({ values, home }, before) => {
      const written = output(home, 'all.json');
      // An empty one is what a kill right after it was made leaves.
      if (written === undefined || written === '')
        return and(either(values, before, before), 'none');
      const exported = written.endsWith('\n') ? JSON.parse(written) : written;
      return and(either(values, before, before), either(exported, undefined, EXPORTED));
    },
  },
};

/** Runs a command on the registry of such a home. */
export function runAtHome(
  line: CommandLine,
  args: readonly string[],
  { env, ...options }: RunOptions = {},
): Promise<Ended> {
  return line.run(
    args.map((arg) => arg.replace(/^@/, `${line.home}/`)),
    {
      ...options,
      env: {
        SECRETREG_REGISTRY: `file:${line.home}/registry.db`,
        SECRETREG_MASTER_KEY_FILE: join(line.home, 'master.key'),
        ...env,
      },
    },
  );
}

/** What a new process finds after a command. Fails where the file, the trail or the log of records has a fault. */
export async function look(home: string, stdout: string): Promise<Found> {
  const file = join(home, 'registry.db');
  const database = new DatabaseSync(file, { timeout: 5000 });
  const whole = database.prepare('PRAGMA integrity_check').get();
  database.close();
  if (whole?.['integrity_check'] !== 'ok') throw new Error('the file is damaged');
  const now = await startUp(file);
  const content = await contentUnder(file, keysFor(now));
  const { auditFault, alarms } = content;
  if (auditFault !== undefined || !isDeepStrictEqual(alarms, []))
    throw new Error(JSON.stringify({ auditFault, alarms }));
  const events = await eventsIn(file);
  return { values: valuesOf(content), events, startUp: now, home, stdout };
}

/** Whether anything of it was done, and so has to stand in the trail. */
export function isBegun(found: Found, effect: Effect): boolean {
  return effect === 'whole' || !isDeepStrictEqual(found.startUp, NOT_BEGUN);
}

/** What the program said of the outcome. */
export function told({ end, stderr }: Ended): 'done' | 'not done' | 'nothing' {
  if (end === 0) return 'done';
  if (/is not finished: the same command goes on$/m.test(stderr)) return 'nothing';
  return /nothing was written$/m.test(stderr) ? 'not done' : 'nothing';
}

function either(found: unknown, before: unknown, after: unknown): Effect {
  if (isDeepStrictEqual(found, after)) return 'whole';
  return isDeepStrictEqual(found, before) ? 'none' : 'torn';
}

/** What is the same before and after is whole. */
function and(registry: Effect, effect: Effect): Effect {
  return registry === 'torn' ? 'torn' : effect;
}

function output(home: string, file: string): string | undefined {
  const place = join(home, file);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

function valuesOf(content: Record<string, unknown>): Values {
  const { kids: _kids, alarms: _alarms, auditFault: _fault, ...rest } = content;
  return Object.fromEntries(
    Object.entries(rest).map(([what, one]) => [
      what,
      isVersion(one) ? `${one.state} ${one.value}` : one,
    ]),
  );
}

function isVersion(one: unknown): one is { state: string; value: string } {
  return typeof one === 'object' && one !== null && 'state' in one && 'value' in one;
}

/** How many audit lines there are of each method. */
export async function eventsIn(file: string): Promise<Record<string, number>> {
  const store = new SqliteStore({ file });
  await store.open(() => {}, { readOnly: true });
  const lines = await allOf(store.readAudit());
  await store.close();
  const events: Record<string, number> = {};
  for (const { line } of lines) {
    const { methodName } = (JSON.parse(line) as { data: { methodName: string } }).data;
    events[methodName] = (events[methodName] ?? 0) + 1;
  }
  return events;
}
