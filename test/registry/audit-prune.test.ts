// What is left of a trail after old lines were removed is proved to the line; whatever somebody takes away beside that is found.
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAuditKey } from '../../src/crypto/audit-key-text.ts';
import { headText, parseHead } from '../../src/domain/audit-head.ts';
import { exportAuditKey, verifyWithAuditKey } from '../../src/registry/audit-key.ts';
import { prunable, prune } from '../../src/registry/audit-prune.ts';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import type { Core } from '../../src/registry/core.ts';
import { migrate } from '../../src/registry/migration.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import {
  caller,
  codeOf,
  collect,
  type Env,
  environment,
  init,
  key,
  name,
  openAs,
  path,
  write,
} from './fixture.ts';

let folder: ReturnType<typeof registryFolder>;
let env: Env;

beforeEach(async () => {
  folder = registryFolder();
  env = environment();
  await init(file(), env);
});
afterEach(() => folder.remove());

const file = (place = folder.file) => new SqliteStore({ file: place });

/** `init` and four writes are five lines, then two reads. */
async function filled() {
  const it = await openAs(file(), env);
  for (let i = 0; i < 4; i += 1) await it.registry.write([write('orders', `key-${i}`, 'x')]);
  for (let i = 0; i < 2; i += 1) await it.registry.read(path('orders'), name(`key-${i}`), 'latest');
  return it;
}

/** Lines before this one, counted from 1 as they are. */
async function pruneTo(core: Core, line: number, options = {}): Promise<number> {
  const times = (await collect(core.store.readAudit())).map(
    (one) => (JSON.parse(one.line) as { time: string }).time,
  );
  const found = await prunable(core, caller, times[line - 1] ?? '', options);
  if (found !== undefined) await prune(core, caller, found);
  return found?.lines ?? 0;
}

function attack(sql: string, place = folder.file): void {
  const database = new DatabaseSync(place);
  database.exec(sql);
  database.close();
}

describe('old lines that were removed', () => {
  test('are a note, all that is left fits, and the trail goes on', async () => {
    const { core, registry } = await filled();
    expect(await pruneTo(core, 4)).toBe(3);
    expect(await verifyAudit(core)).toMatchObject({
      lines: 5,
      fault: undefined,
      head: { seq: 8, lines: 8 },
      notes: [
        expect.stringMatching(
          /^before retention: 3 lines older than 2026-\S+Z were removed by audit prune, the last time by User:alice at 2026-\S+Z$/,
        ),
      ],
    });
    for (let i = 0; i < 3; i += 1) await registry.write([write('orders', 'later', `${i}`)]);
    expect(await verifyAudit(core)).toMatchObject({ lines: 8, fault: undefined });
    const [first, ...others] = await collect(registry.audit());
    expect(first?.data.methodName).toBe('secret.Write');
    const told = others.find(({ data }) => data.methodName === 'audit.Prune');
    expect(told?.data).toMatchObject({
      result: { status: 'ok', count: 3 },
      authenticationInfo: { principal: 'User:alice' },
      pruned: { removed: 3, last: { seq: 3 } },
    });
    await core.close();
  });

  test('may be all there are, again and again', async () => {
    const { core } = await filled();
    for (let round = 1; round <= 3; round += 1) {
      const before = env.clock().toISOString();
      const found = await prunable(core, caller, before);
      if (found === undefined) throw new Error('nothing is old enough');
      await prune(core, caller, found);
      const { lines, fault, notes, head } = await verifyAudit(core);
      const ever = 6 + round;
      expect([lines, fault, notes.length, head?.seq]).toEqual([1, undefined, 1, ever + 1]);
      expect(notes[0]).toContain(`${ever} lines older than ${before}`);
    }
    await core.close();
  });

  test('go in several commits where they are many, and each of them leaves a trail that fits', async () => {
    const { core } = await filled();
    const before = env.clock().toISOString();
    const found = await prunable(core, caller, before, { linesInACommit: 3 });
    expect(found?.parts.map(({ lines }) => lines)).toEqual([3, 3, 1]);
    for (const part of found?.parts ?? []) {
      await prune(core, caller, { ...found!, parts: [part] });
      expect((await verifyAudit(core)).fault).toBeUndefined();
    }
    expect((await verifyAudit(core)).lines).toBe(3);
    await core.close();
  });

  test('are none where none is old enough, and younger ones behind one of them stay', async () => {
    const { core } = await filled();
    expect(await pruneTo(core, 1)).toBe(0);
    expect(await verifyAudit(core)).toMatchObject({ lines: 7, notes: [] });
    await core.close();
  });

  test('are proved as gone by whoever has the audit key alone', async () => {
    const { core } = await filled();
    const text = await exportAuditKey(core, caller);
    await pruneTo(core, 4);
    await core.close();
    const read = parseAuditKey(text);
    if (!read.ok) throw new Error(read.problem);
    const proof = await verifyWithAuditKey(file(), { ...read.value, file: 'audit.key' });
    expect(proof.fault).toBeUndefined();
    expect(proof.notes[0]).toContain('before retention: 3 lines');
  });
});

describe('a head that was kept before', () => {
  test('fits where its line is left, and says nothing where it is not', async () => {
    const { core, registry } = await filled();
    const kept = (await verifyAudit(core)).head;
    const again = parseHead(headText(kept!));
    if (!again.ok) throw new Error(again.problem);
    await pruneTo(core, 4);
    expect(await verifyAudit(core, again.value)).toMatchObject({ fault: undefined, hasKept: true });
    await registry.paths();
    await pruneTo(core, 5);
    const gone = await verifyAudit(core, again.value);
    expect(gone).toMatchObject({ fault: undefined, hasKept: false });
    expect(gone.notes).toContain(
      'the line that was kept is older than what is left, and says nothing',
    );
    await core.close();
  });

  test('of a trail that was pruned finds one that was cut off since', async () => {
    const { core, registry } = await filled();
    await pruneTo(core, 4);
    await registry.paths();
    const { head } = await verifyAudit(core);
    expect(head).toMatchObject({ seq: 9, lines: 9 });
    await core.close();
    attack('DELETE FROM audit WHERE position = 9');
    const later = await openAs(file(), env);
    expect((await verifyAudit(later.core)).fault).toBeUndefined();
    expect((await verifyAudit(later.core, head)).fault?.reason).toMatch(/was cut off before it$/);
    await later.core.close();
  });
});

test('a head that was kept finds a trail that was cut off, though all of its time was pruned since', async () => {
  const { core, registry } = await filled();
  for (let i = 0; i < 3; i += 1) await registry.paths();
  const { head } = await verifyAudit(core);
  await core.close();
  attack('DELETE FROM audit WHERE position > 7; UPDATE sqlite_sequence SET seq = 7');
  const later = await openAs(file(), env);
  await later.registry.paths();
  expect(await pruneTo(later.core, 8)).toBe(7);
  const proof = await verifyAudit(later.core, head);
  expect(proof.fault?.reason).toMatch(/, is not there: the trail was cut off before it$/);
  await later.core.close();
});

const GONE =
  /^comes behind \d+ lines? that (?:is|are) gone, and no audit prune tells that it removed them$/;

describe('beside them somebody takes away', () => {
  test.each([
    ['one line more', 'DELETE FROM audit WHERE position = 4', 1, GONE],
    ['some lines more', 'DELETE FROM audit WHERE position < 7', 1, GONE],
    ['all but the newest line', 'DELETE FROM audit WHERE position < 10', 1, GONE],
    ['the line that tells of it', 'DELETE FROM audit WHERE position = 8', 1, GONE],
    ['a line behind it', 'DELETE FROM audit WHERE position = 9', 6, /lines are missing/],
    [
      'one line more, and numbers the others anew',
      'DELETE FROM audit WHERE position = 4; UPDATE audit SET position = position - 1',
      1,
      GONE,
    ],
    [
      'a line, and puts the first ones into its place',
      'UPDATE audit SET position = position - 3',
      1,
      /has number 4 where 1 comes next/,
    ],
    [
      'what it says of who asked',
      "UPDATE audit SET line = replace(line, 'User:alice', 'User:mallo') WHERE position = 8",
      1,
      GONE,
    ],
    [
      'the first line that is left, for another one',
      'UPDATE audit SET line = (SELECT line FROM audit WHERE position = 6) WHERE position = 4',
      1,
      GONE,
    ],
  ])('%s', async (_, sql, line, reason) => {
    const { core, registry } = await filled();
    await pruneTo(core, 4);
    await registry.paths();
    await registry.paths();
    await core.close();
    attack(sql);
    const later = await openAs(file(), env);
    const { fault } = await verifyAudit(later.core);
    expect(fault).toMatchObject({ line, reason: expect.stringMatching(reason) });
    // Nor does a later one make it look whole.
    expect(await codeOf(pruneTo(later.core, 3))).toBe('audit-broken');
    const refused = (await collect(later.core.store.readAudit())).at(-1)?.line ?? '';
    expect(JSON.parse(refused)).toMatchObject({
      data: { methodName: 'audit.Prune', result: { status: 'audit-broken' } },
    });
    await later.registry.write([write('orders', 'later', 'x')]);
    expect((await verifyAudit(later.core)).fault).toMatchObject({ line });
    await later.core.close();
  });

  test('a line, of which the one that tells of an earlier time is no excuse', async () => {
    const { core } = await filled();
    await pruneTo(core, 3);
    await pruneTo(core, 3);
    await core.close();
    attack('DELETE FROM audit WHERE position > 8');
    const later = await openAs(file(), env);
    expect((await verifyAudit(later.core)).fault).toMatchObject({
      line: 1,
      reason: expect.stringMatching(GONE),
    });
    await later.core.close();
  });
});

test('what somebody changes between the proof and the commit is not removed', async () => {
  const { core } = await filled();
  const found = await prunable(core, caller, env.clock().toISOString());
  attack("UPDATE audit SET line = replace(line, 'User:alice', 'User:mallo') WHERE position = 7");
  expect(await codeOf(prune(core, caller, found!))).toBe('audit-broken');
  expect((await collect(core.store.readAudit())).length).toBe(7);
  await core.close();
});

test('requests that come meanwhile are behind it, and lose nothing', async () => {
  const { core, registry } = await filled();
  const found = await prunable(core, caller, env.clock().toISOString(), { linesInACommit: 2 });
  const writes = Array.from({ length: 20 }, (_, i) => [
    registry.write([write('orders', `more-${i}`, 'x')]),
    registry.paths(),
  ]).flat();
  await Promise.all([prune(core, caller, found!), ...writes]);
  expect(await verifyAudit(core)).toMatchObject({ lines: 44, fault: undefined });
  await core.close();
});

/** As in a topic: what is old is removed by the store itself. */
class Topic extends MemoryStore {
  override readonly auditChains = 'many' as 'one';

  auditRetention(milliseconds: number): string {
    return `retention.ms=${milliseconds}`;
  }
}

test('nothing is removed from a store that does it by itself, and that it was asked for is audited', async () => {
  const log = new MemoryLog();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new Topic(log), env);
  const before = new Date(env.clock().getTime() - 90 * 60_000).toISOString();
  await expect(prunable(core, caller, before)).rejects.toMatchObject({
    code: 'audit-kept',
    hint: expect.stringMatching(/^retention\.ms=5400000 /),
  });
  const asked = (await collect(registry.audit())).map(
    ({ data }) => `${data.methodName} ${data.result.status}`,
  );
  expect(asked).toEqual(['registry.Init ok', 'audit.Prune audit-kept', 'audit.Read ok']);
});

describe('a registry that was moved', () => {
  const there = () => `${folder.file}.moved`;
  const move = (from: string, to: string) =>
    migrate({
      source: async () => file(from),
      target: async () => file(to),
      given: { key: key() },
      caller,
      ...env,
    });

  test.each([
    ['some of its moved lines', 4],
    ['all of them', 12],
    ['more than came with it', 14],
  ])('is proved without %s', async (_, line) => {
    const { core } = await filled();
    await core.close();
    await move(folder.file, there());
    const { core: moved, registry } = await openAs(file(there()), env);
    for (let i = 0; i < 5; i += 1) await registry.write([write('orders', 'there', `${i}`)]);
    await pruneTo(moved, line);
    await registry.write([write('orders', 'there', 'later')]);
    const { fault, notes } = await verifyAudit(moved);
    expect([fault, notes.length]).toEqual([undefined, 1]);
    await moved.close();
    for (const position of [line, line + 1]) {
      attack(`DELETE FROM audit WHERE position = ${position}`, there());
      const later = await openAs(file(there()), env);
      expect((await verifyAudit(later.core)).fault).toBeDefined();
      await later.core.close();
    }
  });

  test('with what was removed before is proved there, and so is what is removed there', async () => {
    const { core } = await filled();
    await pruneTo(core, 4);
    await core.close();
    await move(folder.file, there());
    const moved = await openAs(file(there()), env);
    expect(await verifyAudit(moved.core)).toMatchObject({
      fault: undefined,
      notes: [expect.stringMatching(/were gone already when the registry was moved here$/)],
    });
    await moved.registry.write([write('orders', 'there', 'x')]);
    await pruneTo(moved.core, 3);
    expect((await verifyAudit(moved.core)).fault).toBeUndefined();
    await moved.core.close();
  });

  test('does not take what an earlier file tells for what was removed here', async () => {
    const { core } = await filled();
    await pruneTo(core, 4);
    await core.close();
    await move(folder.file, there());
    attack('DELETE FROM audit WHERE position <= 3', there());
    const moved = await openAs(file(there()), env);
    expect((await verifyAudit(moved.core)).fault).toMatchObject({
      line: 1,
      reason: expect.stringMatching(GONE),
    });
    await moved.core.close();
  });

  test('and back again into a file from which lines were removed takes changes, and fits', async () => {
    const { core } = await filled();
    await pruneTo(core, 4);
    await core.close();
    await move(folder.file, there());
    await move(there(), folder.file);
    const back = await openAs(file(), env);
    for (let i = 0; i < 3; i += 1) await back.registry.write([write('orders', 'back', `${i}`)]);
    expect((await verifyAudit(back.core)).fault).toBeUndefined();
    await back.core.close();
    attack('DELETE FROM audit WHERE position = (SELECT max(position) FROM audit)');
    const later = await openAs(file(), env);
    await later.registry.write([write('orders', 'back', 'later')]);
    expect((await verifyAudit(later.core)).fault).toBeDefined();
    await later.core.close();
  });
});
