import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { Draft } from '../../src/registry/draft.ts';
import type { VersionEntry } from '../../src/registry/key-tree.ts';
import { ChangedVersions, type ReadonlyVersions, Versions } from '../../src/registry/versions.ts';
import { environment, init, name, openAs, path, v, write } from './fixture.ts';

const record = (state: 'enabled' | 'deleted'): VersionEntry => ({
  record: { createdAt: '', createdBy: '', state, sealed: '', n: 1, kid: '', mac: '' },
});
const entries = fc.constantFrom<VersionEntry>(record('enabled'), record('deleted'), {
  damaged: { reason: 'not-authentic' },
});
const step = fc.record({
  version: fc.integer({ min: 1, max: 12 }).map(v),
  entry: fc.option(entries, { nil: undefined }),
});
const steps = fc.array(step, { maxLength: 30 });

/** All that it says of itself, beside what a walk over a plain map says. */
function expectSame(versions: ReadonlyVersions, model: Map<number, VersionEntry>): void {
  const sorted = (all: Iterable<[number, VersionEntry]>) => [...all].sort(([a], [b]) => a - b);
  expect(sorted(versions)).toEqual(sorted(model));
  expect(new Set(versions.keys())).toEqual(new Set(model.keys()));
  expect([...versions.values()].length).toBe(model.size);
  expect(versions.greatest).toBe(Math.max(0, ...model.keys()));
  const all = [...model.values()];
  expect(versions.damaged).toBe(all.filter((one) => 'damaged' in one).length);
  expect(versions.enabled).toBe(
    all.filter((one) => 'record' in one && one.record.state === 'enabled').length,
  );
}

function change(
  versions: Versions | ChangedVersions,
  model: Map<number, VersionEntry>,
  { version, entry }: { version: ReturnType<typeof v>; entry: VersionEntry | undefined },
): void {
  if (entry === undefined) {
    versions.delete(version);
    model.delete(version);
  } else {
    versions.set(version, entry);
    model.set(version, entry);
  }
  expect(versions.has(version)).toBe(model.has(version));
  expect(versions.get(version)).toEqual(model.get(version));
}

describe('the versions of a key', () => {
  test('are those of a plain map, with right counts, after each change', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const versions = new Versions();
        const model = new Map<number, VersionEntry>();
        for (const one of all) {
          change(versions, model, one);
          expectSame(versions, model);
        }
      }),
    );
  });

  test('with changes on top leave those below as they are, and take those above', () => {
    fc.assert(
      fc.property(steps, steps, steps, (below, between, above) => {
        const base = new Versions();
        const ofBase = new Map<number, VersionEntry>();
        for (const one of below) change(base, ofBase, one);
        const first = new ChangedVersions(base);
        const ofFirst = new Map(ofBase);
        for (const one of between) change(first, ofFirst, one);
        const second = new ChangedVersions(first);
        const ofSecond = new Map(ofFirst);
        for (const one of above) change(second, ofSecond, one);
        expectSame(base, ofBase);
        expectSame(first, ofFirst);
        expectSame(second, ofSecond);
        first.take(second);
        expectSame(first, ofSecond);
        expectSame(base, ofBase);
      }),
    );
  });
});

describe('requests of one draft', () => {
  test('see what those before them did, and nothing of one that was refused', async () => {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env);
    const { core, registry } = await openAs(new MemoryStore(log), env);
    await registry.write([write('orders', 'password', 'one')]);
    const place = [path('orders'), name('password')] as const;
    const draft = new Draft(core.state);
    const put = (own: Draft, version: number) => {
      own.putVersion(...place, v(version), {
        createdAt: '',
        createdBy: '',
        state: 'enabled',
        sealed: '',
      });
      own.putKey(...place, { lastVersion: version, destroyed: [], metadata: {} });
    };
    const seen = () => {
      const entry = draft.entry(...place);
      return [entry?.lastVersion, [...(entry?.versions.keys() ?? [])]];
    };
    draft.attempt((own) => put(own, 2));
    expect(seen()).toEqual([2, [1, 2]]);
    expect(() =>
      draft.attempt((own) => {
        put(own, 3);
        own.removeVersion(...place, v(1));
        throw new Error('refused');
      }),
    ).toThrow('refused');
    expect(seen()).toEqual([2, [1, 2]]);
    draft.attempt((own) => own.removeVersion(...place, v(2)));
    draft.attempt((own) => put(own, 3));
    expect(seen()).toEqual([3, [1, 3]]);
    expect(core.state.entry(...place)?.versions.greatest).toBe(1);
  });
});

describe('a key with 1,000 versions', () => {
  test('is written and read without a walk over them', async () => {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env);
    const { registry } = await openAs(new MemoryStore(log), env);
    const one = write('orders', 'password', 'value');
    for (let i = 0; i < 10; i += 1)
      await Promise.all(Array.from({ length: 100 }, () => registry.write([one])));
    const walks = [
      vi.spyOn(Versions.prototype, Symbol.iterator),
      vi.spyOn(Versions.prototype, 'keys'),
      vi.spyOn(Versions.prototype, 'values'),
    ];
    await Promise.all(Array.from({ length: 100 }, () => registry.write([one])));
    await registry.write([{ ...one, onlyOver: v(1100) }]);
    await registry.read(one.path, one.key, 'latest');
    await registry.setMetadata(one.path, one.key, { owner: 'team' });
    await registry.paths();
    const steps = walks.map((walk) => walk.mock.calls.length);
    for (const walk of walks) walk.mockRestore();
    // What is known of a key is told with the end that its latest value says of itself.
    expect(steps).toEqual([1, 0, 0]);
  });
});
