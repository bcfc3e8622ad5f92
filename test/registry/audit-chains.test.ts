// The proof of a trail to which many processes have written, each in chains of its own.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { AuditKey, lineHash, nextLine, readLine } from '../../src/crypto/chain.ts';
import { canonicalJson, type JsonValue } from '../../src/domain/canonical-json.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { proveLines } from '../../src/registry/audit-proof.ts';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { makeEvent, makeLines } from '../../src/registry/audit-trail.ts';
import { anchorOf } from '../../src/registry/anchor.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { migrate } from '../../src/registry/migration.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import type { AuditLine, Changes, ChainHead } from '../../src/store/store.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import {
  caller,
  collect,
  environment,
  init,
  key as masterKey,
  name,
  openAs,
  path,
  write,
} from './fixture.ts';

const key = AuditKey.fromBytes(Uint8Array.from({ length: 32 }, (_, i) => i));

/** Three chains, their lines by turns: a1 b1 c1 a2 b2 c2 … */
function trail(rounds = 4): AuditLine[] {
  const last = new Map<string, string>();
  const lines: AuditLine[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const chain of ['a', 'b', 'c']) {
      const time = `2026-01-01T00:00:${String(lines.length).padStart(2, '0')}.000Z`;
      const line = nextLine(key, last.get(chain), chain, { time, data: {} });
      last.set(chain, line);
      lines.push({ position: lines.length * 2 + 1, line });
    }
  }
  return lines;
}

async function* given(lines: readonly AuditLine[]) {
  yield* lines;
}

const anchorAt = (line: AuditLine | undefined) => {
  const read = readLine(line?.line ?? '');
  if (!read.ok) throw new Error(read.problem);
  const { chain, seq, event } = read.value;
  const audit = { chain, seq, hash: lineHash(line?.line ?? '') };
  return { attemptId: 'x', at: JSON.stringify(event['time']).slice(1, -1), audit };
};

const prove = (
  lines: readonly AuditLine[],
  commit = anchorAt(trail().at(-2)),
  isApplied: (event: AuditEvent) => boolean = () => true,
  isCut = false,
) => proveLines(given(lines), { key, chains: 'many', begin: isCut ? 31 : 1, commit, isApplied });

/** Where lines at the beginning were removed from the store. */
const CUT = [() => true, true] as const;

test('chains that are whole fit, whatever their order to each other', async () => {
  const lines = trail();
  const proof = await prove(lines);
  expect(proof).toMatchObject({ lines: 12, fault: undefined, notes: [] });
  expect(proof.head).toEqual({
    ...{ chain: 'c', seq: 4, lines: 12, time: '2026-01-01T00:00:11.000Z' },
    hash: lineHash(lines.at(-1)?.line ?? ''),
  });
});

describe('a fault is named with its line', () => {
  const without = (index: number) => trail().filter((_, i) => i !== index);
  const swapped = (i: number, j: number) => {
    const lines = trail();
    [lines[i], lines[j]] = [lines[j]!, lines[i]!];
    return lines;
  };
  test.each([
    ['the first line of a chain, taken out', without(1), 4],
    ['a line from the middle, taken out', without(4), 7],
    ['two lines of one chain, swapped', swapped(3, 6), 4],
    ['another line in the place of the last', without(10), 12],
  ])('%s', async (_, lines, line) => {
    expect((await prove(lines)).fault).toMatchObject({ line });
  });
});

const STRANGER = AuditKey.fromBytes(new Uint8Array(32));
const theirs = nextLine(STRANGER, undefined, 'a', { time: '9999', data: {} });

describe('lines that others wrote into a topic are no part of the trail', () => {
  const members = JSON.parse(theirs) as { [name: string]: JsonValue };
  const forged = (data: JsonValue) => canonicalJson({ ...members, data });
  const junk: [string, string][] = [
    ['nothing', ''],
    ['no JSON', '\0\ufffd\n'],
    ['JSON that is no line', 'null'],
    ['a line without data', canonicalJson({ ...members, data: undefined })],
    ['a commit of null', forged({ commit: null })],
    ['an attempt at a commit', forged({ commit: { attemptId: 'none', n: 3 } })],
    ['a line under another key', theirs],
  ];
  /** Behind this many lines of the trail. */
  const at = (index: number, text: string, lines = trail()) =>
    lines.toSpliced(index, 0, { position: index * 2, line: text });
  const stray = (count: string, first: number) =>
    `no part of the trail: ${count} (the first is line ${first}) not written with the audit key`;

  test.each(junk)('%s', async (_, text) => {
    const whole = await prove(trail());
    expect(await prove(at(5, text))).toEqual({ ...whole, notes: [stray('1 line', 6)] });
    expect(await prove(at(12, text))).toEqual({ ...whole, notes: [stray('1 line', 13)] });
    expect(await prove(at(9, text, at(5, text)))).toEqual({
      ...whole,
      notes: [stray('2 lines', 6)],
    });
  });

  test.each([
    ['a line from the middle, taken out', trail().toSpliced(4, 1), 8],
    ['the last line, taken out', trail().toSpliced(10, 1), 13],
    ['two lines that changed places', [0, 1, 2, 6, 4, 5, 3].map((i) => trail()[i]!), 5],
  ])('%s behind one of them, is found', async (_, lines, line) => {
    const { fault, notes } = await prove(at(2, 'junk', lines));
    expect(fault).toMatchObject({ line });
    expect(notes).toContain(stray('1 line', 3));
  });

  test('one that was changed is one of them, and a gap', async () => {
    const lines = trail();
    lines[4] = { position: 9, line: lines[4]!.line.replace('"time":"2026', '"time":"2027') };
    const { fault, notes } = await prove(lines);
    expect(fault).toMatchObject({ line: 8, reason: expect.stringContaining('lines are missing') });
    expect(notes).toEqual([stray('1 line', 5)]);
  });

  test('one that was written again is told, and nothing else', async () => {
    const whole = await prove(trail());
    const again = [...trail(), ...trail().slice(3, 5)];
    expect(await prove(again)).toEqual({
      ...whole,
      notes: [
        'no part of the trail: 2 lines (the first is line 13) written again, or behind a later one of the same chain',
      ],
    });
  });

  test('the first of all says nothing of what retention removed', async () => {
    const left = at(0, theirs, trail().slice(6)).map(({ line }, i) => ({ position: 30 + i, line }));
    const { fault } = await prove(left.slice(0, -2), anchorAt(trail().at(-2)), ...CUT);
    expect(fault?.reason).toBe('the newest commit names line 4 of chain b, which is not there');
  });
});

test('every place that does not fit is counted, and the first is told', async () => {
  const { fault, notes } = await prove(trail().filter((_, i) => i !== 3 && i !== 4 && i !== 10));
  expect(fault).toMatchObject({ line: 5 });
  expect(notes).toEqual(['the trail does not fit at 3 places']);
});

test('lines of two chains may change places: their order to each other is the order of the log', async () => {
  const lines = trail();
  [lines[3], lines[4]] = [lines[4]!, lines[3]!];
  expect((await prove(lines)).fault).toBeUndefined();
});

test('what retention removed is a note, what somebody takes out behind it a fault', async () => {
  const left = trail().slice(5);
  const newest = anchorAt(trail().at(-2));
  const proof = await prove(left, newest, ...CUT);
  expect(proof.fault).toBeUndefined();
  expect(proof.notes).toEqual([
    'lines older than 2026-01-01T00:00:05.000Z are gone: removed by the retention of the topic, or by somebody',
  ]);
  const without = left.filter((_, i) => i !== 3);
  expect((await prove(without, newest, ...CUT)).fault).toMatchObject({ line: 6 });
});

test('a newest commit that is older than retention is no fault, one that is younger is', async () => {
  const left = trail().slice(6);
  expect((await prove(left, anchorAt(trail()[3]), ...CUT)).fault).toBeUndefined();
  expect((await prove(left.slice(0, -2), anchorAt(trail().at(-2)), ...CUT)).fault?.reason).toBe(
    'the newest commit names line 4 of chain b, which is not there',
  );
});

test('a change that a crash left without effect is a note', async () => {
  const proof = await prove(trail(), undefined, ({ time }) => !time.endsWith(':03.000Z'));
  expect(proof.fault).toBeUndefined();
  expect(proof.notes).toEqual(['1 line tells of a change that a crash left without effect']);
});

/** As in a topic: each process has a chain of its own. */
class Many extends MemoryStore {
  override readonly auditChains = 'many' as 'one';
  #lastLine: string | undefined;

  override transact(decide: (head: ChainHead) => Changes) {
    return super.transact(() => {
      const changes = decide({ lastLine: this.#lastLine });
      this.#lastLine = changes.audit.at(-1) ?? this.#lastLine;
      return changes;
    });
  }

  override appendAudit(make: (head: ChainHead) => readonly string[]) {
    return super.appendAudit(() => {
      const lines = make({ lastLine: this.#lastLine });
      this.#lastLine = lines.at(-1) ?? this.#lastLine;
      return lines;
    });
  }
}

describe('commits of several processes, each with a chain of its own', () => {
  async function registry() {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env);
    for (const value of ['one', 'two', 'three']) {
      const { core, registry: it } = await openAs(new Many(log), env);
      await it.write([write('orders', 'password', value)]);
      await it.read(path('orders'), name('password'), 'latest');
      await core.close();
    }
    return { log, env };
  }

  /** Without one of its lines, as after somebody made the topic anew and put the others back. */
  const without = async (gone: number) => {
    const { log, env } = await registry();
    class Without extends Many {
      override async *readAudit(from = 1): AsyncIterable<AuditLine> {
        for await (const one of super.readAudit(from)) if (one.position !== gone) yield one;
      }
    }
    return verifyAudit((await openAs(new Without(log), env)).core);
  };

  test('fit', async () => {
    expect(await without(0)).toMatchObject({ lines: 7, fault: undefined, notes: [] });
  });

  test.each([
    ['of init', 1, /^follows a commit whose last line, line 1 of chain/],
    ['of the first write', 2, /lines are missing/],
    ['of the second write', 4, /lines are missing/],
    ['of the newest write', 6, /lines are missing/],
  ])('the line %s, taken out, is missed', async (_, gone, reason) => {
    expect((await without(gone)).fault?.reason).toMatch(reason);
  });

  test('a chain that is gone as a whole is missed, and stays so', async () => {
    const { log, env } = await registry();
    class Without extends Many {
      override async *readAudit(from = 1): AsyncIterable<AuditLine> {
        for await (const one of super.readAudit(from))
          if (![4, 5].includes(one.position)) yield one;
      }
    }
    const { core, registry: it } = await openAs(new Without(log), env);
    for (let i = 0; i < 3; i += 1) {
      expect((await verifyAudit(core)).fault?.reason).toMatch(/^follows a commit whose last line/);
      await it.write([write('orders', 'password', 'later')]);
    }
  });

  test('moved into a file they are followed by one chain, whose end is named by every commit', async () => {
    const { log, env } = await registry();
    const folder = registryFolder();
    const file = () => new SqliteStore({ file: folder.file });
    await migrate({
      source: async () => new Many(log),
      target: async () => file(),
      given: { key: masterKey() },
      caller,
      ...env,
    });
    const there = await openAs(file(), env);
    for (let i = 0; i < 3; i += 1) await there.registry.write([write('orders', 'there', `${i}`)]);
    expect(await verifyAudit(there.core)).toMatchObject({ fault: undefined, notes: [] });
    await there.core.close();
    const database = new DatabaseSync(folder.file);
    database.exec('DELETE FROM audit WHERE position = (SELECT max(position) FROM audit)');
    database.close();
    const later = await openAs(file(), env);
    await later.registry.write([write('orders', 'there', 'later')]);
    expect((await verifyAudit(later.core)).fault).toBeDefined();
    await later.core.close();
    folder.remove();
  });
});

test('of two attempts at one commit the later one is the commit, and the event of the other is not applied', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new Many(log), env);
  const entry = { subject: { method: 'secret.Write', path: 'orders' }, status: 'ok' } as const;
  const lost = makeEvent(entry, {
    ...env,
    storeId: '00',
    caller,
    time: '2025-12-31T00:00:00.000Z',
    commit: { n: core.state.lastN + 1, attemptId: 'lost' },
  });
  await core.store.appendAudit(() =>
    makeLines({ lastLine: undefined }, [lost], core.auditKey, 'z'),
  );
  await registry.write([write('orders', 'password', 'x')]);
  const events = async () => {
    const all = await collect(registry.audit());
    const writes = all.filter(({ data }) => data.methodName === 'secret.Write');
    return writes.map(({ applied, data }) => ({ applied, of: data.commit?.attemptId }));
  };
  const [first, second] = await events();
  expect(first).toEqual({ applied: false, of: 'lost' });
  expect(second?.applied).toBe(true);
  const note = '1 line tells of a change that a crash left without effect';
  expect((await verifyAudit(core)).notes).toEqual([note]);
  // Whoever can write to the topic writes the line once more, and one that says the same without the key.
  const again = log.auditLine(2) ?? '';
  const forged = again.replace('"attemptId":"lost"', '"attemptId":"none"');
  expect(forged).not.toBe(again);
  log.appendAudit([again, forged]);
  expect(await events()).toEqual([first, second]);
  expect((await verifyAudit(core)).notes).toContain(note);
  // That hides nothing from whoever reads since a time between the two either.
  class Between extends Many {
    override async auditPositionAt(): Promise<number> {
      return 3;
    }
  }
  const since = '2026-01-01T00:00:00.000Z';
  const { registry: between } = await openAs(new Between(log), env);
  const told: string[] = [];
  const wanted = { since, method: 'secret.Write' } as const;
  const [written] = await collect(between.audit(wanted, (note) => told.push(note)));
  // Positions of a topic have gaps: which line it is among all of them is not known.
  expect(told).toEqual([
    'no part of the trail: 1 line not written with the audit key',
    'no part of the trail: 1 line written again, or behind a later one of the same chain',
  ]);
  expect(written).toMatchObject({ applied: true, data: { commit: { attemptId: second?.of } } });
});

describe('a trail whose last line is one', () => {
  const UNPROVED = '{"chain":"x","data":{"commit":null}}';
  test.each([
    ['of nobody who has the key', () => UNPROVED],
    ['that was written again', (log: MemoryLog) => log.auditLine(1) ?? ''],
  ])('%s is read, proved, and moved into a file', async (_, last) => {
    const [log, moved] = [new MemoryLog(), new MemoryLog()];
    const env = environment();
    await init(new MemoryStore(log), env);
    const { core, registry } = await openAs(new Many(log), env);
    await registry.write([write('orders', 'password', 'x')]);
    const told: string[] = [];
    const methods = async (from: Registry) =>
      (await collect(from.audit({}, (note) => told.push(note)))).map(({ data }) => data.methodName);
    const before = await methods(registry);
    log.appendAudit([last(log)]);
    expect(await methods(registry)).toEqual([...before, 'audit.Read']);
    expect(told).toEqual([expect.stringMatching(/^no part of the trail: 1 line .* line 4\)/)]);
    expect(await verifyAudit(core)).toMatchObject({ fault: undefined, lines: 4, notes: told });
    await core.close();

    /** Somebody writes while it is moved, last of all. */
    class Disturbed extends Many {
      override async *readAudit(from = 1): AsyncIterable<AuditLine> {
        const lines = Array.from({ length: log.auditLength }, (_, i) => log.auditLine(i + 1) ?? '');
        if (lines.filter((line) => line.includes('"registry.Move"')).length === 2)
          log.appendAudit([last(log)]);
        yield* super.readAudit(from);
      }
    }
    class Target extends MemoryStore {
      override readonly place = 'memory:moved' as 'memory:';
    }
    await migrate({
      source: async () => new Disturbed(log),
      target: async () => new Target(moved),
      given: { key: masterKey() },
      caller,
      ...env,
    });
    const there = await openAs(new MemoryStore(moved), env);
    await there.registry.write([write('orders', 'password', 'y')]);
    const { fault, notes } = await verifyAudit(there.core);
    expect(fault).toBeUndefined();
    expect(notes).toEqual([expect.stringMatching(/^no part of the trail: 2 lines/)]);
    const after = ['registry.Move', 'secret.Write', 'audit.Read'];
    expect((await methods(there.registry)).slice(-3)).toEqual(after);
  });
});

test('a commit without lines keeps the anchor, also in a process that has no chain yet', () => {
  const before = { chain: 'a', seq: 7, hash: '00' };
  expect(anchorOf(undefined, { lastLine: undefined }, before)).toEqual({ audit: before });
  const [older] = trail();
  expect(anchorOf(undefined, { lastLine: older?.line }, before)).toEqual({ audit: before });
  expect(anchorOf(older?.line, { lastLine: undefined }, before).audit).toMatchObject({ seq: 1 });
  expect(anchorOf(undefined, { lastLine: undefined }, undefined)).toEqual({});
});
