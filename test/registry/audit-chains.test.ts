// The proof of a trail to which many processes have written, each in chains of its own.
import { describe, expect, test } from 'vitest';
import { AuditKey, lineHash, nextLine, readLine } from '../../src/crypto/chain.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { proveLines, verifyAudit } from '../../src/registry/audit-read.ts';
import { makeEvent, makeLines } from '../../src/registry/audit-trail.ts';
import { anchorOf } from '../../src/registry/core.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import type { AuditLine } from '../../src/store/store.ts';
import { caller, collect, environment, init, openAs, write } from './fixture.ts';

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
) => proveLines(given(lines), { key, chains: 'many', commit, isApplied });

test('chains that are whole fit, whatever their order to each other', async () => {
  const lines = trail();
  const proof = await prove(lines);
  expect(proof).toMatchObject({ lines: 12, fault: undefined, notes: [] });
  expect(proof.head).toEqual({ seq: 4, hash: lineHash(lines.at(-1)?.line ?? '') });
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
    ['a line twice', [...trail().slice(0, 5), ...trail().slice(4)], 6],
    ['another line in the place of the last', without(10), 12],
  ])('%s', async (_, lines, line) => {
    expect((await prove(lines)).fault).toMatchObject({ line });
  });
});

test('lines of two chains may change places: their order to each other is the order of the log', async () => {
  const lines = trail();
  [lines[3], lines[4]] = [lines[4]!, lines[3]!];
  expect((await prove(lines)).fault).toBeUndefined();
});

test('what retention removed is a note, what somebody takes out behind it a fault', async () => {
  const left = trail().slice(5);
  const proof = await prove(left);
  expect(proof.fault).toBeUndefined();
  expect(proof.notes).toEqual([
    'lines older than 2026-01-01T00:00:05.000Z were removed by retention',
  ]);
  expect((await prove(left.filter((_, i) => i !== 3))).fault).toMatchObject({ line: 6 });
});

test('a newest commit that is older than retention is no fault, one that is younger is', async () => {
  const left = trail().slice(6);
  expect((await prove(left, anchorAt(trail()[3]))).fault).toBeUndefined();
  expect((await prove(left.slice(0, -2), anchorAt(trail().at(-2)))).fault?.reason).toBe(
    'the newest commit names line 4 of chain b, which is not there',
  );
});

test('a change that a crash left without effect is a note', async () => {
  const proof = await prove(trail(), undefined, ({ time }) => !time.endsWith(':03.000Z'));
  expect(proof.fault).toBeUndefined();
  expect(proof.notes).toEqual(['1 line tells of a change that a crash left without effect']);
});

class Many extends MemoryStore {
  override readonly auditChains = 'many' as 'one';
}

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
    time: '2026-01-01T00:00:00.000Z',
    commit: { n: core.state.lastN + 1, attemptId: 'lost' },
  });
  await core.store.appendAudit(() =>
    makeLines({ lastLine: undefined }, [lost], core.auditKey, 'z'),
  );
  await registry.write([write('orders', 'password', 'x')]);
  const events = (await collect(registry.audit())).map(({ applied, data: { commit } }) => {
    return { applied, isLost: commit?.attemptId === 'lost' };
  });
  expect(events.filter(({ applied }) => !applied)).toEqual([{ applied: false, isLost: true }]);
  expect(events.length).toBe(4);
  expect((await verifyAudit(core)).notes).toEqual([
    '1 line tells of a change that a crash left without effect',
  ]);
});

test('a commit without lines keeps the anchor, also in a process that has no chain yet', () => {
  const before = { chain: 'a', seq: 7, hash: '00' };
  expect(anchorOf(undefined, { lastLine: undefined }, before)).toEqual({ audit: before });
  const [older] = trail();
  expect(anchorOf(undefined, { lastLine: older?.line }, before)).toEqual({ audit: before });
  expect(anchorOf(older?.line, { lastLine: undefined }, before).audit).toMatchObject({ seq: 1 });
  expect(anchorOf(undefined, { lastLine: undefined }, undefined)).toEqual({});
});
