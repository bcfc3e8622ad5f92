// What every engine promises, in the words of src/store/store.ts. Each store of one place is a process of its own.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  OpenOptions,
  Store,
  StoredRecord,
} from '../../src/store/store.ts';

/** One place for records, and the way for one more process to it. */
export interface StorePlace {
  newStore(): Store;
  cleanup(): Promise<void>;
}

export function storeContract(name: string, make: () => Promise<StorePlace>): void {
  describe(`the store contract, ${name}`, () => {
    let place: StorePlace;
    const opened: Store[] = [];

    beforeEach(async () => {
      place = await make();
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
      await place.cleanup();
    });

    /** One more process, opened, with what it has seen. */
    async function open(options: OpenOptions = { create: true }) {
      const store = place.newStore();
      opened.push(store);
      const seen: StoredRecord[] = [];
      await store.open((record) => seen.push(record), options);
      return { store, seen };
    }

    describe('opening', () => {
      it('fails with no-registry where nothing was ever made', async () => {
        await expect(open({})).rejects.toMatchObject({ code: 'no-registry' });
        await expect(open({ readOnly: true })).rejects.toMatchObject({ code: 'no-registry' });
      });

      it('gives every record that still counts, in order of position, tombstones included', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1', b: 'b1', c: 'c1' }));
        await store.transact(() => commit(2, { a: 'a2', b: null }));
        const { seen } = await open({});
        expect(store.givesReplaced ? textOf(seen).slice(-3) : textOf(seen)).toEqual([
          ['c', 'c1'],
          ['a', 'a2'],
          ['b', null],
        ]);
        expect(isRising(seen.map((record) => record.position))).toBe(true);
      });

      it('gives after a restart what memory held before it', async () => {
        const { store, seen } = await open();
        for (let n = 1; n <= 30; n += 1) {
          await store.transact(() => commit(n, { [`k${n % 7}`]: `v${n}`, [`k${n % 5}`]: null }));
        }
        await store.close();
        const again = await open({});
        expect(fold(again.seen)).toEqual(fold(seen));
      });

      it('gives bytes as they were written', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
        const { store } = await open();
        await store.transact(() => ({
          ...commit(1, {}),
          records: [
            { key: '["é/日本"]', value: bytes },
            { key: '["empty"]', value: new Uint8Array() },
          ],
        }));
        const { seen } = await open({});
        expect(seen.map(({ key, value }) => [key, value && [...value]])).toEqual([
          ['["é/日本"]', [...bytes]],
          ['["empty"]', []],
        ]);
      });

      it('keeps what is there when it is asked to create', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        const { seen } = await open({ create: true });
        expect(textOf(seen)).toEqual([['a', 'a1']]);
      });

      it('is refused a second time', async () => {
        const { store } = await open();
        await expect(store.open(() => {})).rejects.toMatchObject({ code: 'store-unavailable' });
      });

      it('stops where the signal is aborted', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        const options = { signal: AbortSignal.abort() };
        await expect(open(options)).rejects.toMatchObject({ code: 'interrupted' });
      });
    });

    describe('catching up', () => {
      it('applies what another process committed before the call', async () => {
        const reader = await open();
        const writer = await open();
        await writer.store.transact(() => commit(1, { a: 'a1' }));
        await writer.store.transact(() => commit(2, { a: null, b: 'b1' }));
        expect(reader.seen).toEqual([]);
        await reader.store.catchUp();
        expect(fold(reader.seen)).toEqual(fold(writer.seen));
      });

      it('applies nothing twice', async () => {
        const reader = await open();
        const writer = await open();
        await writer.store.transact(() => commit(1, { a: 'a1' }));
        await Promise.all([reader.store.catchUp(), reader.store.catchUp()]);
        await reader.store.catchUp();
        await writer.store.catchUp();
        expect(textOf(reader.seen)).toEqual([['a', 'a1']]);
        expect(textOf(writer.seen)).toEqual([['a', 'a1']]);
      });
    });

    describe('a transaction', () => {
      it('applies its records here before it resolves, with the positions that others see', async () => {
        const { store, seen } = await open();
        await store.transact(() => commit(1, { a: 'a1', b: 'b1' }));
        expect(textOf(seen)).toEqual([
          ['a', 'a1'],
          ['b', 'b1'],
        ]);
        const again = await open({});
        expect(again.seen.map(({ position: at, key }) => [at, key])).toEqual(
          seen.map(({ position: at, key }) => [at, key]),
        );
      });

      it('runs decide after everything committed before has been applied', async () => {
        const first = await open();
        const second = await open();
        await first.store.transact(() => commit(1, { a: 'a1' }));
        await second.store.transact(() => {
          expect(textOf(second.seen)).toEqual([['a', 'a1']]);
          return commit(2, { b: 'b1' });
        });
      });

      it('is seen by others whole or not at all', async () => {
        const writer = await open();
        const reader = await open();
        const all = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 'v']));
        const write = writer.store.transact(() => commit(1, all));
        for (let i = 0; reader.seen.length === 0 && i < 10_000; i += 1) {
          await reader.store.catchUp();
          expect([0, 100]).toContain(reader.seen.length);
        }
        expect(reader.seen).toHaveLength(100);
        await write;
      });

      it('gives two writers on one key the versions 1 to n, none twice and none left out', async () => {
        const [first, second] = [await open(), await open()];
        const given: number[] = [];
        const write = async ({ store, seen }: { store: Store; seen: StoredRecord[] }) => {
          let version = 0;
          await store.transact(() => {
            version = Number(fold(seen).k ?? 0) + 1;
            return commit(version, { k: String(version) });
          });
          given.push(version);
        };
        const writes = Array.from({ length: 50 }, () => [write(first), write(second)]).flat();
        await Promise.all(writes);
        expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      });

      it('leaves nothing where decide throws, hands its error on, and goes on', async () => {
        const { store, seen } = await open();
        const refusal = new Error('refused by the caller');
        const refused = store.transact(() => {
          throw refusal;
        });
        await expect(refused).rejects.toBe(refusal);
        await store.transact(() => commit(1, { a: 'a1' }));
        expect(textOf(seen)).toEqual([['a', 'a1']]);
        expect(await allOf(store.readAudit())).toHaveLength(1);
      });

      it('may hold audit lines only', async () => {
        const { store, seen } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        const audit = ['refused'];
        await store.transact(() => ({ ...commit(0, {}), n: undefined, audit }));
        expect(seen).toHaveLength(1);
        expect((await allOf(store.readAudit())).map(({ line }) => line)).toEqual([
          'commit 1',
          'refused',
        ]);
      });

      it('may hold nothing', async () => {
        const { store, seen } = await open();
        await store.transact(() => ({ attemptId: 'x', n: undefined, records: [], audit: [] }));
        expect(seen).toEqual([]);
        expect(await allOf(store.readAudit())).toEqual([]);
      });

      it('carries a record of 1 MiB', async () => {
        const { store } = await open();
        const value = new Uint8Array(1024 * 1024).fill(7);
        await store.transact(() => ({ ...commit(1, {}), records: [{ key: 'a', value }] }));
        const { seen } = await open({});
        expect(Buffer.compare(seen[0]?.value ?? new Uint8Array(), value)).toBe(0);
      });

      it('is refused with commit-rejected where a record is too large, and nothing of it is there', async () => {
        const { store, seen } = await open();
        const value = new Uint8Array(1_000_000_001);
        const huge = (): Changes => ({
          ...commit(1, {}),
          records: [
            { key: 'small', value: Buffer.from('x') },
            { key: 'huge', value },
          ],
        });
        await expect(store.transact(huge)).rejects.toMatchObject({ code: 'commit-rejected' });
        await store.transact(() => commit(1, { b: 'b1' }));
        expect(textOf(seen)).toEqual([['b', 'b1']]);
        expect(textOf((await open({})).seen)).toEqual([['b', 'b1']]);
        expect(await allOf(store.readAudit())).toHaveLength(1);
      });

      it('does not begin where the signal is aborted', async () => {
        const stop = new AbortController();
        const { store, seen } = await open({ create: true, signal: stop.signal });
        stop.abort();
        const write = store.transact(() => commit(1, { a: 'a1' }));
        await expect(write).rejects.toMatchObject({ code: 'interrupted' });
        expect(seen).toEqual([]);
      });
    });

    describe('the audit trail', () => {
      it('tells of a decision that was made on all that was committed before, also where nothing else is kept', async () => {
        const [first, second] = [await open(), await open()];
        await first.store.transact(() => commit(1, { a: 'a1' }));
        await second.store.transact(() => commit(2, { a: 'a2' }));
        let decidedOn: unknown;
        await first.store.transact(() => {
          decidedOn = fold(first.seen).a;
          return { attemptId: 'refused', n: undefined, records: [], audit: ['refused'] };
        });
        expect(decidedOn).toBe('a2');
        expect((await allOf(first.store.readAudit())).map(({ line }) => line)).toContain('refused');
      });

      it('is no condition of a commit: records without a number and a line are kept', async () => {
        const { store } = await open();
        const records = [{ key: '["a"]', value: new TextEncoder().encode('a') }];
        await store.transact(() => ({ attemptId: 'copy', n: undefined, records, audit: [] }));
        expect(textOf((await open({})).seen)).toEqual([['["a"]', 'a']]);
      });

      it('is committed together with the records', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        await store.transact(() => commit(2, { a: 'a2' }));
        const { store: other } = await open({});
        expect((await allOf(other.readAudit())).map(({ line }) => line)).toEqual([
          'commit 1',
          'commit 2',
        ]);
      });

      it('begins without a head, and each line is made on the one before in its chain', async () => {
        const [first, second] = [await open(), await open()];
        let n = 0;
        const heads: (string | undefined)[] = [];
        const chained = (lastLine: string | undefined) => {
          heads.push(lastLine);
          return `${Number(lastLine ?? 0) + 1}`;
        };
        const writes = Array.from({ length: 40 }, (_, i) => {
          const { store } = i % 2 ? first : second;
          if (i % 4 < 2) return store.appendAudit((head) => [chained(head.lastLine)]);
          return store.transact((head) => {
            n += 1;
            return { ...commit(n, { k: `${n}` }), audit: [chained(head.lastLine)] };
          });
        });
        await Promise.all(writes);
        const lines = await allOf(first.store.readAudit());
        expect(isRising(lines.map(({ position }) => position))).toBe(true);
        const numbers = lines.map(({ line }) => Number(line));
        if (first.store.auditChains === 'one')
          expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
        else expect(areWholeChains(numbers)).toBe(true);
        expect(heads[0]).toBeUndefined();
      });

      it('shows each of several concurrent calls the lines before its own', async () => {
        const { store } = await open();
        await Promise.all(Array.from({ length: 20 }, () => store.appendAudit(twoMore)));
        const lines = (await allOf(store.readAudit())).map(({ line }) => Number(line));
        expect(lines).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      });

      it('loses only the call whose make throws', async () => {
        const { store } = await open();
        const refusal = new Error('cannot make it');
        const results = await Promise.allSettled([
          store.appendAudit(() => ['a']),
          store.appendAudit(() => {
            throw refusal;
          }),
          store.appendAudit(() => ['b']),
        ]);
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect((await allOf(store.readAudit())).map(({ line }) => line)).toEqual(['a', 'b']);
      });

      it('is read from a position on', async () => {
        const { store } = await open();
        await store.appendAudit(() => ['a', 'b', 'c']);
        const [, second, third] = await allOf(store.readAudit());
        expect(await allOf(store.readAudit(second?.position))).toEqual([
          expect.objectContaining({ line: 'b' }),
          expect.objectContaining({ line: 'c' }),
        ]);
        expect(await allOf(store.readAudit((third?.position ?? 0) + 1))).toEqual([]);
      });

      it('loses its oldest lines with the commit that says so, or tells how they are removed', async () => {
        const { store } = await open();
        const { store: other } = await open();
        await store.appendAudit(() => ['a', 'b', 'c']);
        expect(await store.auditBegin()).toBe(1);
        if (store.auditChains === 'many') {
          expect(store.auditRetention?.(60_000)).toMatch(/ retention\.ms=60000$/);
          return;
        }
        expect('auditRetention' in store).toBe(false);
        const [, second] = await allOf(store.readAudit());
        const removeAuditTo = second?.position ?? 0;
        await store.transact(() => ({ ...commit(1, { a: 'a1' }), removeAuditTo }));
        await store.appendAudit((head) => [`behind ${head.lastLine}`]);
        for (const { store: one } of [{ store }, { store: other }, await open({})]) {
          expect((await allOf(one.readAudit())).map(({ line }) => line)).toEqual([
            'c',
            'commit 1',
            'behind commit 1',
          ]);
          expect(await one.auditBegin()).toBe(removeAuditTo + 1);
        }
      });

      it('is found at a time: no event of then or later stands before it', async () => {
        const { store } = await open();
        const begun = Date.now();
        const times = [0, 3, 1, 2, 4].map((minutes) => new Date(begun - minutes * 60_000));
        const lines = times.map((time) => JSON.stringify({ time: time.toISOString() }));
        await store.appendAudit(() => lines);
        await store.transact(() => ({ ...commit(1, { a: 'a1' }), audit: ['no JSON'] }));
        for (const time of [...times, new Date(0), new Date(begun + 3_600_000)]) {
          const from = await store.auditPositionAt(time.toISOString());
          const read = (await allOf(store.readAudit(from))).map(({ line }) => line);
          const wanted = lines.filter((_, i) => (times[i] ?? 0) >= time);
          expect(read).toEqual(expect.arrayContaining(wanted));
        }
      });

      it('is read by a slow reader while others write, up to where it stood at the start', async () => {
        const { store } = await open();
        const many = Array.from({ length: 1200 }, (_, i) => `${i + 1}`);
        await store.appendAudit(() => many);
        let read = 0;
        for await (const { line } of store.readAudit()) {
          read += 1;
          expect(line).toBe(`${read}`);
          if (read % 100 === 0) await store.transact(() => commit(read, { k: `${read}` }));
        }
        expect(read).toBe(1200);
        expect(await allOf(store.readAudit())).toHaveLength(1212);
      });
    });

    describe('reading again', () => {
      it('gives all that opening gives once more, and goes on from there', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1', b: 'b1' }));
        await store.transact(() => commit(2, { a: 'a2', b: null }));
        const reader = await open({});
        const given = reader.seen.splice(0);
        await reader.store.reread();
        expect(reader.seen.splice(0)).toEqual(given);
        await reader.store.transact(() => commit(3, { c: 'c1' }));
        await reader.store.catchUp();
        expect(textOf(reader.seen)).toEqual([['c', 'c1']]);
      });

      it('works without a trace too', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        const reader = await open({ readOnly: true });
        await reader.store.reread();
        expect(textOf(reader.seen)).toEqual([
          ['a', 'a1'],
          ['a', 'a1'],
        ]);
      });
    });

    describe('a scope', () => {
      const scope = ['["commit"', '["secret","orders",'];
      const all = {
        '["commit"]': '1',
        '["secret","order","k",1]': 'x',
        '["secret","orders","k",1]': 'wanted',
        '["secret","orders-2","k",1]': 'x',
        '["secret","orders"-': 'the first text beyond the range',
        '["secret","ordersé","k",1]': 'x',
        '["key","orders","k"]': 'x',
      };

      it('is given at first and of what comes later, other processes and own writes alike', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, all));
        const scoped = await open({ scope });
        const wanted = () =>
          textOf(scoped.seen).filter(([key]) => scope.some((prefix) => key?.startsWith(prefix)));
        const first = [
          ['["commit"]', '1'],
          ['["secret","orders","k",1]', 'wanted'],
        ];
        expect(wanted()).toEqual(first);
        await store.transact(() => commit(2, { '["secret","other","k",1]': 'x' }));
        await store.transact(() => commit(3, { '["secret","orders","k",1]': null }));
        await scoped.store.catchUp();
        await scoped.store.transact(() => commit(4, { '["commit"]': '4', '["key","a","b"]': 'x' }));
        expect(wanted()).toEqual([
          ...first,
          ['["secret","orders","k",1]', null],
          ['["commit"]', '4'],
        ]);
      });
    });

    describe('reading only', () => {
      it('shows records and audit lines, those of later commits too, and refuses to write', async () => {
        const writer = await open();
        await writer.store.transact(() => commit(1, { a: 'a1' }));
        const { store, seen } = await open({ readOnly: true });
        await writer.store.transact(() => commit(2, { b: 'b1' }));
        await store.catchUp();
        expect(fold(seen)).toEqual({ a: 'a1', b: 'b1' });
        expect(await allOf(store.readAudit())).toHaveLength(2);
        const refused = { code: 'store-unavailable' };
        await expect(store.transact(() => commit(3, {}))).rejects.toMatchObject(refused);
        await expect(store.appendAudit(() => ['x'])).rejects.toMatchObject(refused);
        await expect(store.removeResidue()).rejects.toMatchObject(refused);
        expect(await allOf(writer.store.readAudit())).toHaveLength(2);
      });
    });

    describe('the rest', () => {
      it('reports where it is and facts with a state', async () => {
        const { store } = await open();
        await store.transact(() => commit(1, { a: 'a1' }));
        const report = await store.inspect();
        expect(report.place).toBe(store.place);
        expect(report.facts.length).toBeGreaterThan(0);
        expect(report.facts.filter(({ state }) => state === 'fail')).toEqual([]);
      });

      it('keeps every record and line when it removes residue', async () => {
        const { store, seen } = await open();
        await store.transact(() => commit(1, { a: 'a1', b: 'b1' }));
        await store.transact(() => commit(2, { a: null }));
        const { gone, text } = await store.removeResidue();
        expect(text === '').toBe(gone);
        expect(fold((await open({})).seen)).toEqual(fold(seen));
        expect(await allOf(store.readAudit())).toHaveLength(2);
      });

      it('finishes what was asked before it closes; afterwards every call says that it was closed', async () => {
        const { store, seen } = await open();
        const write = store.transact(() => commit(1, { a: 'a1' }));
        await store.close();
        await write;
        expect(textOf(seen)).toEqual([['a', 'a1']]);
        const calls = [
          () => store.catchUp(),
          () => store.transact(() => commit(2, {})),
          () => store.appendAudit(() => ['x']),
          () => allOf(store.readAudit()),
          () => store.inspect(),
          () => store.removeResidue(),
        ];
        for (const call of calls) {
          const error = await call().then(
            () => undefined,
            (reason: unknown) => reason,
          );
          expect(hasCode(error, 'store-unavailable') && error.params.reason).toBe('it was closed');
        }
        await store.close();
      });

      it('may be closed without having been opened', async () => {
        await place.newStore().close();
      });
    });
  });
}

/** A commit of texts, with one audit line. */
export function commit(n: number, records: Readonly<Record<string, string | null>>): Changes {
  return {
    attemptId: `attempt ${n} ${Math.random()}`,
    n,
    records: Object.entries(records).map(([key, text]) => ({
      key,
      value: text === null ? null : Buffer.from(text),
    })),
    audit: [`commit ${n}`],
  };
}

/** The next two numbers after the line before. */
function twoMore({ lastLine }: ChainHead): string[] {
  const last = Number(lastLine ?? 0);
  return [`${last + 1}`, `${last + 2}`];
}

/** What counts in the end. */
export function fold(records: readonly StoredRecord[]): Record<string, string> {
  const state: Record<string, string> = {};
  for (const [key, text] of textOf(records)) {
    if (text === null) delete state[key];
    else state[key] = text;
  }
  return state;
}

export async function allOf(lines: AsyncIterable<AuditLine>): Promise<AuditLine[]> {
  const all: AuditLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

function textOf(records: readonly StoredRecord[]): [string, string | null][] {
  return records.map(({ key, value }) => [key, value && Buffer.from(value).toString()]);
}

/** Numbers of several chains, each from 1 on: no number is there more often than the one before it. */
function areWholeChains(numbers: readonly number[]): boolean {
  const count = (number: number) => numbers.filter((one) => one === number).length;
  return numbers.every((number) => number === 1 || count(number) <= count(number - 1));
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));
}
