// What a registry promises whose store fails at any of its calls, the same on every engine: what was acknowledged is there
// and audited, what was refused is not, what is unknown is one of both and stays so, no version is given twice.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generator } from '../random.ts';
import { name, path, v, write } from '../registry/fixture.ts';
import { FaultTrial, type Picture, type Told } from './fault-trial.ts';
import { Tally } from './faulty-store.ts';
import type { StorePlace } from './store.contract.ts';

const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
const COMMANDS = 40;

const PLACES = ['p a', 'p b', 'q a'];
/** Surely nothing was written, as far as the caller was told. */
const REFUSED = [
  'store-unavailable',
  'commit-rejected',
  'version-not-found',
  'version-deleted',
  'key-not-found',
  'path-not-found',
];
/** Where nothing is enabled, a read ends with one of these. */
const NOTHING_THERE = ['key-not-found', 'path-not-found', 'version-deleted'];
const READS = ['store-unavailable', 'commit-rejected', 'audit-unavailable', ...NOTHING_THERE];

export function faultyContract(
  title: string,
  make: () => Promise<StorePlace>,
  { sequences, timeoutMs = 300_000 }: { sequences: number; timeoutMs?: number },
): void {
  describe(`a registry on ${title} whose store fails at any call`, () => {
    const places: StorePlace[] = [];
    beforeEach(() => {
      console.log(`SECRETREG_TEST_SEED=${SEED}`);
    });
    afterEach(async () => {
      for (const place of places.splice(0)) await place.cleanup();
    });

    test(
      `keeps its word, in ${sequences} × ${COMMANDS} random commands (seed ${SEED})`,
      async () => {
        const random = generator(SEED);
        const tally = new Tally();
        const unknown = { there: 0, absent: 0 };
        for (let i = 0; i < sequences; i += 1) {
          const place = await make();
          places.push(place);
          await sequence(await FaultTrial.begin(() => place.newStore(), random, tally), {
            random,
            unknown,
            which: `sequence ${i}`,
          });
        }
        console.log(
          `${title}: ${tally.injected} faults injected, 0 lost; ${unknown.there} of unknown outcome were there, ${unknown.absent} not`,
        );
        // Nobody reads a log again whose records are in order.
        expect(tally.missing).toEqual(['reread before', 'reread after']);
        expect(Math.min(unknown.there, unknown.absent)).toBeGreaterThan(0);
      },
      timeoutMs,
    );
  });
}

interface Run {
  random: () => number;
  unknown: { there: number; absent: number };
  which: string;
}

async function sequence(trial: FaultTrial, run: Run): Promise<void> {
  let before: Picture = await trial.observe();
  for (let i = 0; i < COMMANDS; i += 1) {
    const tolds = await command(trial, run, { before, value: `${i}` });
    const after = await trial.observe();
    holdAgainst(tolds, { before, after }, run, `command ${i} of ${run.which}`);
    before = after;
  }
  // What is seldom asked for is, in every sequence.
  for (const which of ['trail', 'operate'] as const)
    for (const at of [0, 1, 0, 1])
      await COMMANDS_BY_NAME[which](trial, { ...run, at, before, place: '', value: '' });
  const { picture, faults, unaudited } = await trial.end();
  expect(picture, run.which).toEqual(before);
  expect([faults, unaudited], run.which).toEqual([[], []]);
}

const COMMANDS_BY_NAME = {
  write: async (trial, { at, place, value }) => [(await put(trial, at, place, value)).told],
  together: (trial, { place, value }) =>
    Promise.all([0, 1].map(async (at) => (await put(trial, at, place, `${value} ${at}`)).told)),
  delete: async (trial, { at, place, before, random }) => {
    const version = Math.ceil(random() * (Number(before[place] ?? 0) + 1));
    const [pathText = '', keyText = ''] = place.split(' ');
    const target = { path: path(pathText), key: name(keyText), version: v(version) };
    const effect = { [`${place} ${version}`]: 'deleted' };
    const { told } = await trial.ask(
      at,
      (registry) => registry.delete(target),
      () => effect,
    );
    return [told];
  },
  read: async (trial, { at, place, before }) => {
    const [pathText = '', keyText = ''] = place.split(' ');
    const { told, answer } = await trial.ask(at, (registry) =>
      registry.read(path(pathText), name(keyText), 'latest'),
    );
    const enabled = Array.from(
      { length: Number(before[place] ?? 0) },
      (_, i) => before[`${place} ${i + 1}`],
    ).filter((one) => one?.startsWith('enabled '));
    const latest = enabled.at(-1)?.slice('enabled '.length);
    if (told.code === 'no error') expect(answer?.value.reveal()).toBe(latest);
    else expect(READS).toContain(told.code);
    if (NOTHING_THERE.includes(told.code)) expect(latest).toBeUndefined();
    return [];
  },
  trail: async (trial, { at, random }) => {
    const since = random() < 0.5 ? { since: new Date(0).toISOString() } : {};
    const { told } = await trial.ask(at, async (registry) => {
      for await (const _ of registry.audit(since)) continue;
    });
    expect(['no error', ...READS]).toContain(told.code);
    return [];
  },
  operate: async (trial, { at }) => {
    for (const work of ['inspect', 'removeResidue'] as const) {
      const doing = trial.process(at).store[work]();
      await doing.catch((error: { code: string }) => expect(error.code).toBe('store-unavailable'));
    }
    return [];
  },
  restart: async (trial, { at }) => {
    await trial.restart(at);
    return [];
  },
} as const satisfies Record<string, (trial: FaultTrial, given: Given) => Promise<Told[]>>;

interface Given {
  at: number;
  place: string;
  value: string;
  before: Picture;
  random: () => number;
}

const OFTEN = [
  'write',
  'write',
  'write',
  'together',
  'together',
  'delete',
  'read',
  'read',
  'trail',
  'operate',
  'restart',
] as const;

function command(
  trial: FaultTrial,
  { random }: Run,
  { before, value }: { before: Picture; value: string },
): Promise<Told[]> {
  const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const at = among([0, 1]);
  const place = among(PLACES);
  return COMMANDS_BY_NAME[among(OFTEN)](trial, { at, place, value, before, random });
}

/** The effect names the version where it was told, and `?` where it was not. */
function put(trial: FaultTrial, at: number, place: string, value: string) {
  const [pathText = '', keyText = ''] = place.split(' ');
  return trial.ask(
    at,
    (registry) => registry.write([write(pathText, keyText, value)]),
    (infos) => ({ [`${place} ${infos?.[0]?.version ?? '?'}`]: `enabled ${value}` }),
  );
}

/** Every change has to be one that was asked for and not refused, and every one that was acknowledged has to be there. */
function holdAgainst(
  tolds: readonly Told[],
  { before, after }: { before: Picture; after: Picture },
  { unknown }: Run,
  why: string,
): void {
  const expected: Picture = { ...before };
  for (const { code, effect } of tolds) {
    const [where, what] = Object.entries(effect)[0] ?? ['', ''];
    const place = where.split(' ').slice(0, 2).join(' ');
    const found = Object.keys(after).find((one) =>
      what === 'deleted'
        ? one === where && after[one]?.startsWith(what) && !before[one]?.startsWith(what)
        : after[one] === what && one.startsWith(`${place} `),
    );
    if (code === 'no error') {
      expect(found, `${why}: acknowledged, and not there`).toBe(where);
    } else if (code === 'outcome-unknown') {
      unknown[found === undefined ? 'absent' : 'there'] += 1;
    } else {
      expect(REFUSED, why).toContain(code);
      expect(found, `${why}: refused with ${code}, and there`).toBeUndefined();
    }
    if (found === undefined) continue;
    expected[found] =
      what === 'deleted' ? (before[found] ?? '').replace('enabled', 'deleted') : what;
    if (what !== 'deleted') expected[place] = String(Number(expected[place] ?? 0) + 1);
  }
  expect(after, why).toEqual(expected);
  for (const place of PLACES) {
    const versions = Object.keys(after).filter((one) => one.startsWith(`${place} `));
    expect(versions.length, `${why}: versions of ${place}`).toBe(Number(after[place] ?? 0));
  }
}
