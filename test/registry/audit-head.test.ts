// A head that was kept elsewhere against what became of the trail, with the master key and with the audit key alone.
import { describe, expect, test } from 'vitest';
import { parseAuditKey } from '../../src/crypto/audit-key-text.ts';
import { AuditKey, lineHash, nextLine, readLine } from '../../src/crypto/chain.ts';
import type { AuditHead } from '../../src/domain/audit-head.ts';
import { exportAuditKey, verifyWithAuditKey } from '../../src/registry/audit-key.ts';
import { proveLines } from '../../src/registry/audit-proof.ts';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import type { AuditLine } from '../../src/store/store.ts';
import {
  caller,
  codeOf,
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
const CHAINS = ['a', 'b', 'c'].map((letter) => letter.repeat(16));

/** Lines of three processes by turns, a second apart. */
function trail(rounds: number): AuditLine[] {
  const last = new Map<string, string>();
  const lines: AuditLine[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const chain of CHAINS) {
      const time = new Date(Date.UTC(2026, 0, 1, 0, 0, lines.length)).toISOString();
      const line = nextLine(key, last.get(chain), chain, { time, data: {} });
      last.set(chain, line);
      lines.push({ position: lines.length + 1, line });
    }
  }
  return lines;
}

async function* given(lines: readonly AuditLine[]) {
  yield* lines;
}

/** The commit of the first line, so that nothing but the kept head is asked of the others. */
function prove(lines: readonly AuditLine[], kept?: AuditHead, isCut = false) {
  const read = readLine(trail(1)[0]?.line ?? '');
  if (!read.ok) throw new Error(read.problem);
  const { chain, seq } = read.value;
  const audit = { chain, seq, hash: lineHash(trail(1)[0]?.line ?? '') };
  const commit = { attemptId: 'x', at: '2026-01-01T00:00:00.000Z', audit };
  const known = {
    key,
    chains: 'many' as const,
    begin: isCut ? 31 : 1,
    commit,
    isApplied: () => true,
  };
  return proveLines(given(lines), { ...known, ...(kept && { kept }) });
}

async function headOf(lines: readonly AuditLine[]): Promise<AuditHead> {
  const { head } = await prove(lines);
  if (head === undefined) throw new Error('no head');
  return head;
}

describe('in many chains', () => {
  test('a head fits the trail that it was taken from, and each one that went on from there', async () => {
    const head = await headOf(trail(2));
    expect(head).toMatchObject({ seq: 2, lines: 6, time: '2026-01-01T00:00:05.000Z' });
    for (const rounds of [2, 3, 9])
      expect(await prove(trail(rounds), head)).toMatchObject({ fault: undefined, notes: [] });
  });

  test('without it a chain that is gone as a whole is not seen, and with it it is', async () => {
    const head = await headOf(trail(3));
    const without = trail(4).filter(({ line }) => !line.includes(CHAINS[1] ?? ''));
    expect((await prove(without)).fault).toBeUndefined();
    expect((await prove(without, head)).fault).toEqual({
      line: 6,
      reason: 'has 3 lines less before it than when it was kept',
    });
  });

  test('ends of chains that were cut off are seen', async () => {
    const head = await headOf(trail(3));
    const cut = trail(2);
    expect((await prove(cut)).fault).toBeUndefined();
    expect((await prove(cut, head)).fault).toEqual({
      line: 7,
      reason: `the line that was kept, line 3 of chain ${CHAINS[2]}, is not there: the trail was cut off before it`,
    });
  });

  test('lines that retention took are a note, the kept one among them', async () => {
    const kept = await headOf(trail(1));
    const gone = await prove(trail(4).slice(6), kept, true);
    expect(gone.fault).toBeUndefined();
    expect(gone.notes.at(-1)).toBe(
      'the line that was kept is older than what is left, and says nothing',
    );
    const later = await headOf(trail(3));
    expect((await prove(trail(4).slice(6), later, true)).fault).toBeUndefined();
    expect((await prove(trail(4).slice(6, 8), later, true)).fault?.line).toBe(3);
  });
});

async function filled() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one')]);
  await registry.read(path('orders'), name('password'), 'latest');
  return { log, env, core, registry };
}

function parsed(text: string) {
  const read = parseAuditKey(text);
  if (!read.ok) throw new Error(read.problem);
  return { ...read.value, file: 'audit.key' };
}

describe('the audit key', () => {
  test('proves the same as the master key, and its export leaves a line', async () => {
    const { log, core, registry } = await filled();
    const exported = parsed(await exportAuditKey(core, caller));
    const own = await verifyAudit(core);
    const theirs = await verifyWithAuditKey(new MemoryStore(log), exported, own.head);
    expect({ ...theirs, notes: [] }).toEqual({ ...own, hasKept: true, notes: [] });
    expect(theirs).toMatchObject({ fault: undefined, lines: 4 });
    const methods = (await collect(registry.audit())).map(({ data }) => data.methodName);
    expect(methods.at(-2)).toBe('audit.ExportKey');
    await registry.write([write('orders', 'password', 'two')]);
    expect((await verifyWithAuditKey(new MemoryStore(log), exported, own.head)).lines).toBe(6);
  });

  test('is handed to whoever has the master key, and to nobody else', async () => {
    const { core, registry } = await filled();
    const other = {
      ...caller,
      credential: { mechanism: 'mtls', expiresAt: '2999-01-01T00:00:00.000Z' },
    } as const;
    expect(await codeOf(exportAuditKey(core, other))).toBe('not-allowed');
    const { data } = (await collect(registry.audit())).at(-2) ?? {};
    expect(data?.methodName).toBe('audit.ExportKey');
    expect(data?.authorizationInfo.granted).toBe(false);
  });

  test('stays the same when the master key is changed', async () => {
    const { log, env, core } = await filled();
    const exported = parsed(await exportAuditKey(core, caller));
    const { head } = await verifyAudit(core);
    const options = { store: new MemoryStore(log), given: { key: masterKey() }, caller, ...env };
    await (await openRotation({ ...options, to: masterKey(50) })).run();
    const proof = await verifyWithAuditKey(new MemoryStore(log), exported, head);
    expect(proof.fault).toBeUndefined();
    expect(proof.lines).toBeGreaterThan(4);
  });

  test('is that of one registry, and says so for another one', async () => {
    const { core } = await filled();
    const exported = parsed(await exportAuditKey(core, caller));
    const log = new MemoryLog();
    const env = environment();
    env.random(16);
    await init(new MemoryStore(log), env);
    expect(await codeOf(verifyWithAuditKey(new MemoryStore(log), exported))).toBe(
      'audit-key-refused',
    );
  });
});
