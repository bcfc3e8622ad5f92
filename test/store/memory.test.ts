import { describe, expect, it } from 'vitest';
import { type CommitFault, Gate, MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold, storeContract } from '../contract/store.contract.ts';

storeContract('memory', async () => {
  const log = new MemoryLog();
  return { newStore: () => new MemoryStore(log), cleanup: async () => {} };
});

async function opened(log: MemoryLog, ...commits: CommitFault[]) {
  const store = new MemoryStore(log, { commits });
  const seen: StoredRecord[] = [];
  await store.open((record) => seen.push(record), { create: true });
  return { store, seen };
}

describe('the fault script of the memory store', () => {
  it('runs decide again after a lost claim and drops what the lost run made', async () => {
    const { store, seen } = await opened(new MemoryLog(), 'claim-lost', 'claim-lost');
    let runs = 0;
    await store.transact(() => {
      runs += 1;
      return commit(1, { k: `run ${runs}` });
    });
    expect(runs).toBe(3);
    expect(fold(seen)).toEqual({ k: 'run 3' });
    expect(await allOf(store.readAudit())).toHaveLength(1);
  });

  it('takes the claim from a writer that waits at a gate, which then decides on the new state', async () => {
    const log = new MemoryLog();
    const gate = new Gate();
    const slow = await opened(log, gate);
    const fast = await opened(log);
    const write = slow.store.transact(() => {
      const version = Number(fold(slow.seen).k ?? 0) + 1;
      return commit(version, { k: `${version}` });
    });
    await gate.reached;
    await fast.store.transact(() => commit(1, { k: '1' }));
    gate.release();
    await write;
    expect(fold(slow.seen)).toEqual({ k: '2' });
    expect(await allOf(fast.store.readAudit())).toHaveLength(2);
  });

  it.each<[CommitFault, string | undefined, boolean]>([
    ['fails-unwritten', 'store-unavailable', false],
    ['fails-written', undefined, true],
    ['unknown-unwritten', 'outcome-unknown', false],
    ['unknown-written', 'outcome-unknown', true],
    ['rejected', 'commit-rejected', false],
  ])('%s ends with %s, written: %s', async (fault, code, written) => {
    const log = new MemoryLog();
    const { store, seen } = await opened(log, fault);
    const outcome = await store
      .transact(() => commit(1, { a: 'a1' }))
      .then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
    expect(outcome).toBe(code);
    await store.catchUp();
    expect(fold(seen)).toEqual(written ? { a: 'a1' } : {});
    expect(await allOf(store.readAudit())).toHaveLength(written ? 1 : 0);
    await store.transact(() => commit(2, { b: 'b1' }));
    expect(fold(seen)).toMatchObject({ b: 'b1' });
  });

  it('makes audit lines fail as well', async () => {
    const store = new MemoryStore(new MemoryLog(), {
      audits: ['fails-unwritten', 'fails-written'],
    });
    await store.open(() => {}, { create: true });
    await expect(store.appendAudit(() => ['a'])).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    await store.appendAudit(() => ['b']);
    expect((await allOf(store.readAudit())).map(({ line }) => line)).toEqual(['b']);
  });

  it('forgets removed keys when tombstones are purged', async () => {
    const log = new MemoryLog();
    const { store } = await opened(log);
    await store.transact(() => commit(1, { a: 'a1', b: 'b1' }));
    await store.transact(() => commit(2, { a: null }));
    log.purgeTombstones();
    const { seen } = await opened(log);
    expect(seen.map(({ key }) => key)).toEqual(['b']);
  });
});
