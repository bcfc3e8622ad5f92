// Row U of quality.md: the trail of a file, old lines of which were removed, edited at random by somebody who has no key but may
// write the file: takes lines away from wherever, numbers the others as he likes, changes, repeats, moves and puts in lines of
// other times and chains. Its last line is that of a commit, so no cut is behind the newest anchor.
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { AuditKey, nextLine } from '../../src/crypto/chain.ts';
import { type Known, Prover } from '../../src/registry/audit-proof.ts';
import { prunable, prune } from '../../src/registry/audit-prune.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { checkProperty } from '../crypto/property.ts';
import { caller, collect, environment, init, name, openAs, path, write } from './fixture.ts';

const RUNS = 20_000;
/** Lines that are left: what tells of the last removal, five reads, a write. */
const LEFT = 7;

let known: Known;
let trail: string[];
/** Those that were removed, by age, and some of nobody who has the key. */
let others: string[];

beforeAll(async () => {
  const env = environment();
  const log = new MemoryLog();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  const lines = async () => (await collect(core.store.readAudit())).map(({ line }) => line);
  const pruneAll = async () => {
    const found = await prunable(core, caller, env.clock().toISOString(), { linesInACommit: 3 });
    await prune(core, caller, found!);
  };
  await registry.write([write('orders', 'password', 'one')]);
  await registry.read(path('orders'), name('password'), 'latest');
  const removed = await lines();
  await pruneAll();
  await registry.paths();
  removed.push(...(await lines()));
  await pruneAll();
  for (let i = 0; i < 5; i += 1) await registry.read(path('orders'), name('password'), 'latest');
  await registry.write([write('orders', 'password', 'two')]);
  trail = await lines();
  const stranger = AuditKey.fromBytes(new Uint8Array(32));
  const forged = trail.map((_, i) => nextLine(stranger, undefined, 'x', { time: '', data: { i } }));
  others = [...removed, ...forged];
  const { commit } = core.state;
  const begin = await core.store.auditBegin();
  known = { key: core.auditKey, chains: 'one', commit, begin, isApplied: () => true };
  await core.close();
});

function faultOf(lines: readonly string[], begin: number) {
  const prover = new Prover({ ...known, begin });
  for (const [i, line] of lines.entries()) prover.take({ position: begin + i, line });
  return prover.proof().fault;
}

test('as it is, it fits', () => {
  expect(faultOf(trail, known.begin)).toBeUndefined();
  expect(trail).toHaveLength(LEFT);
  expect(known.begin).toBe(6);
});

type Edit = (lines: readonly string[], at: number) => string[];

const place = fc.nat(LEFT - 1);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>((lines, at) => lines.toSpliced(at, 1)),
  place.map(
    (to): Edit =>
      (lines, at) =>
        lines.slice(Math.min(at, to), Math.max(at, to)),
  ),
  place.map(
    (to): Edit =>
      (lines, at) =>
        lines.toSpliced(at, 1).toSpliced(to, 0, lines[at] ?? ''),
  ),
  place.map(
    (from): Edit =>
      (lines, at) =>
        lines.toSpliced(at, 0, lines[from] ?? ''),
  ),
  fc.nat(99).map(
    (i): Edit =>
      (lines, at) =>
        lines.toSpliced(at, 0, others[i % others.length] ?? ''),
  ),
  fc.nat(99).map(
    (i): Edit =>
      (lines, at) =>
        lines.with(at, others[i % others.length] ?? ''),
  ),
  fc.tuple(fc.nat(2000), fc.integer({ min: 32, max: 126 })).map(
    ([i, code]): Edit =>
      (lines, at) => {
        const line = lines[at] ?? '';
        const split = i % Math.max(1, line.length);
        const changed = line.slice(0, split) + String.fromCharCode(code) + line.slice(split + 1);
        return lines.with(at, changed);
      },
  ),
);

test('each of 20,000 random edits is found, however the lines are numbered', () => {
  const begin = fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 20 }));
  const edits = fc.array(fc.tuple(edit, place), { minLength: 1, maxLength: 3 });
  checkProperty('edits of a trail', RUNS, fc.record({ edits, begin }), (sample) => {
    const lines = sample.edits.reduce<string[]>(
      (before, [one, at]) => (before.length === 0 ? before : one(before, at % before.length)),
      trail,
    );
    const first = Math.max(1, known.begin + sample.begin);
    fc.pre(first !== known.begin || lines.join('\n') !== trail.join('\n'));
    expect(faultOf(lines, first)).toBeDefined();
  });
});
