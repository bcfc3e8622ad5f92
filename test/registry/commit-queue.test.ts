// Requests to change that come at the same time share a commit, and nobody is answered before it: on the memory
// store, whose scripts of faults make each interleaving happen on demand.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Write } from '../../src/domain/registry.ts';
import { Gate, type MemoryFaults, MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { codeOf, collect, environment, init, name, openAs, path, v, write } from './fixture.ts';

async function opened(faults: MemoryFaults = {}) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log, faults), env);
  const other = async () => (await openAs(new MemoryStore(log), env)).registry;
  /** Commits with records since `init`, whose number is 1. */
  const commits = () => core.state.lastN - 1;
  return { log, core, registry, other, commits };
}

const SECRET = ['orders', 'password'] as const;
const one = (value: string, onlyOver?: Write['onlyOver']): Write => ({
  ...write(...SECRET, value),
  ...(onlyOver !== undefined && { onlyOver }),
});

/** What each of these came to, in the order in which they were settled. */
function watch(promises: readonly Promise<unknown>[]): string[] {
  const settled: string[] = [];
  for (const [i, promise] of promises.entries()) {
    void codeOf(promise).then((code) => settled.push(`${i}: ${code}`));
  }
  return settled;
}

/** Everything that can go on without the gate has gone on. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

describe('writes at the same time', () => {
  test('100 of them are few commits, each with a number of its own', async () => {
    const { registry, commits } = await opened();
    const written = await Promise.all(
      Array.from({ length: 100 }, (_, i) => registry.write([one(`value ${i}`)])),
    );
    expect(written.map(([info]) => info?.version)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect(commits()).toBeLessThanOrEqual(2);
    const versions = await registry.readKey(path('orders'), name('password'));
    expect(versions.map(({ value }) => value.reveal())).toEqual(
      Array.from({ length: 100 }, (_, i) => `value ${i}`),
    );
  });

  test('that come while a commit is under way share the next one', async () => {
    const gate = new Gate();
    const { registry, commits } = await opened({ commits: [gate] });
    const first = registry.write([one('first')]);
    await gate.reached;
    const others = Array.from({ length: 50 }, (_, i) => registry.write([one(`${i}`)]));
    await quiet();
    gate.release();
    await Promise.all([first, ...others]);
    expect(commits()).toBe(2);
  });

  test('600 of them are three commits: the right to write is not held for ever', async () => {
    const { registry, commits } = await opened();
    await Promise.all(Array.from({ length: 600 }, () => registry.write([one('x')])));
    expect(commits()).toBe(3);
  });

  test('large ones are split over commits by their bytes, in the order in which they came', async () => {
    const { registry, commits } = await opened();
    const value = 'x'.repeat(256 * 1024);
    const written = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        registry.write([one(`${i} ${value}`.slice(0, value.length))]),
      ),
    );
    expect(written.map(([info]) => info?.version)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    // 8 MiB hold 24 values of 256 KiB in base64, and the one that passes the limit still goes in.
    expect(commits()).toBe(3);
    const last = await registry.read(path('orders'), name('password'), v(60));
    expect(last.value.reveal().startsWith('59 xxx')).toBe(true);
  });

  test('see those before them in the same commit', async () => {
    const { registry, commits } = await opened();
    const outcomes = await Promise.all([
      codeOf(registry.write([one('1', 'none')])),
      codeOf(registry.write([one('2', 'none')])),
      codeOf(registry.write([one('3', v(1))])),
      codeOf(registry.delete({ path: path('orders'), key: name('password'), version: v(2) })),
      codeOf(registry.write([one('4', v(1))])),
      codeOf(registry.restore({ path: path('orders') })),
      codeOf(registry.write([one('5', v(3))])),
    ]);
    const ok = 'no error';
    expect(outcomes).toEqual([ok, 'version-moved-on', ok, ok, ok, ok, ok]);
    expect(commits()).toBe(1);
  });
});

describe('an answer', () => {
  test('is given after the commit, a refusal too', async () => {
    const gate = new Gate();
    const { registry, log, commits } = await opened({ commits: [gate] });
    const lines = log.auditLength;
    const settled = watch([
      registry.write([one('1')]),
      registry.write([one('2', 'none')]),
      registry.delete({ path: path('absent') }),
      registry.restore({ path: path('orders') }),
    ]);
    await gate.reached;
    await quiet();
    expect(settled).toEqual([]);
    gate.release();
    await quiet();
    expect(settled).toEqual([
      '0: no error',
      '1: version-moved-on',
      '2: path-not-found',
      '3: nothing-to-restore',
    ]);
    expect([commits(), log.auditLength - lines]).toEqual([1, 4]);
  });

  test('to a batch of refusals alone waits for their audit lines, which are all that is written', async () => {
    const gate = new Gate();
    const { registry, log, commits } = await opened({ commits: [gate] });
    const { position, auditLength } = log;
    const settled = watch([
      registry.delete({ path: path('a') }),
      registry.restore({ path: path('b') }),
    ]);
    await gate.reached;
    await quiet();
    expect(settled).toEqual([]);
    gate.release();
    await quiet();
    expect(settled).toEqual(['0: path-not-found', '1: path-not-found']);
    expect([commits(), log.position, log.auditLength]).toEqual([0, position, auditLength + 2]);
  });

  test('to a reader is given after the audit line, that nothing is there too', async () => {
    const gate = new Gate();
    const second = new Gate();
    const { registry } = await opened({ audits: [gate, 'none', second, 'none'] });
    await registry.write([one('hunter2')]);
    const settled = watch([
      registry.read(path('orders'), name('password'), 'latest'),
      registry.read(path('absent'), name('password'), 'latest'),
    ]);
    await gate.reached;
    await quiet();
    expect(settled).toEqual([]);
    gate.release();
    await second.reached;
    await quiet();
    expect(settled).toEqual(['0: no error']);
    second.release();
    await quiet();
    expect(settled).toEqual(['0: no error', '1: path-not-found']);
  });

  test('is not given to a reader whose audit line cannot be kept', async () => {
    const { registry } = await opened({ audits: ['none', 'fails-unwritten', 'fails-unwritten'] });
    await registry.write([one('hunter2')]);
    await registry.listPaths();
    expect(await codeOf(registry.read(path('orders'), name('password'), 'latest'))).toBe(
      'store-unavailable',
    );
    expect(await codeOf(registry.read(path('absent'), name('password'), 'latest'))).toBe(
      'store-unavailable',
    );
  });
});

describe('an answer of which it is not known whether its line was kept', () => {
  test('is not given either, and is told as a request that was not answered', async () => {
    const { registry } = await opened({ audits: ['none', 'unknown-unwritten', 'unknown-written'] });
    await registry.write([one('hunter2')]);
    await registry.listPaths();
    for (const from of ['orders', 'absent'])
      await expect(registry.read(path(from), name('password'), 'latest')).rejects.toMatchObject({
        code: 'audit-unavailable',
        message: expect.stringMatching(
          /^the request could not be audited, and so is not answered: the registry at \S+ cannot be used: it does not say whether/,
        ),
        hint: undefined,
      });
  });
});

describe('a right to write that was lost before the commit', () => {
  test('means computing again, on what the other one wrote: number, condition and refusal', async () => {
    const gate = new Gate();
    const { registry, other, log } = await opened({ commits: [gate] });
    const settled: unknown[] = [];
    const requests = [
      registry.write([one('plain')]),
      registry.write([write('orders', 'user', 'x')]),
      registry.write([{ ...write('orders', 'token', 'x'), onlyOver: 'none' }]),
      registry.delete({ path: path('billing') }),
    ].map((promise) =>
      promise.then(
        (infos) => settled.push(infos.map(({ key, version }) => `${key} ${version}`)),
        (error: { code: string }) => settled.push(error.code),
      ),
    );
    await gate.reached;
    const lines = log.auditLength;
    await (await other()).write([
      one('theirs'),
      write('orders', 'token', 'theirs'),
      write('billing', 'key', 'theirs'),
    ]);
    gate.release();
    await Promise.all(requests);
    expect(settled).toEqual([['password 2'], ['user 1'], 'version-moved-on', ['key 1']]);
    // Of the run that was discarded no line stayed: three lines of theirs, four of ours.
    expect(log.auditLength - lines).toBe(7);
    const events = await collect(registry.audit());
    expect(
      events.slice(-8, -1).map(({ data }) => `${data.methodName} ${data.result.status}`),
    ).toEqual([
      'secret.Write ok',
      'secret.Write ok',
      'secret.Write ok',
      'secret.Write ok',
      'secret.Write ok',
      'secret.Write version-moved-on',
      'secret.Delete ok',
    ]);
  });

  test('again and again is only slow', async () => {
    const { registry, commits } = await opened({
      commits: ['claim-lost', 'claim-lost', 'claim-lost'],
    });
    expect((await registry.write([one('x')]))[0]?.version).toBe(1);
    expect(commits()).toBe(1);
  });
});

describe('a commit that fails', () => {
  test('because the store refused it is tried request by request: only who cannot be committed is told so', async () => {
    const { registry, commits } = await opened({
      commits: ['rejected', 'none', 'rejected', 'none', 'none'],
    });
    const outcomes = await Promise.all([
      codeOf(registry.write([one('1')])),
      codeOf(registry.write([one('2')])),
      codeOf(registry.write([one('3')])),
      codeOf(registry.delete({ path: path('absent') })),
    ]);
    expect(outcomes).toEqual(['no error', 'commit-rejected', 'no error', 'path-not-found']);
    expect(commits()).toBe(2);
    const versions = await registry.readKey(path('orders'), name('password'));
    expect(versions.map(({ version, value }) => `${version} ${value.reveal()}`)).toEqual([
      '1 1',
      '2 3',
    ]);
  });

  test('alone and refused is not tried again', async () => {
    const { registry } = await opened({ commits: ['rejected'] });
    expect(await codeOf(registry.write([one('1')]))).toBe('commit-rejected');
    expect((await registry.write([one('2')]))[0]?.version).toBe(1);
  });

  test.each(['unknown-unwritten', 'unknown-written', 'fails-unwritten'] as const)(
    '%s: everybody in it is told, the refused too, and the next write goes on from what is there',
    async (fault) => {
      const { registry, other } = await opened({ commits: [fault] });
      const code = fault === 'fails-unwritten' ? 'store-unavailable' : 'outcome-unknown';
      const outcomes = await Promise.all([
        codeOf(registry.write([one('1')])),
        codeOf(registry.write([one('2')])),
        codeOf(registry.delete({ path: path('absent') })),
      ]);
      expect(outcomes).toEqual([code, code, code]);
      const next = fault === 'unknown-written' ? 3 : 1;
      expect((await registry.write([one('next')]))[0]?.version).toBe(next);
      const versions = await (await other()).readKey(path('orders'), name('password'));
      expect(versions.map(({ version }) => version)).toEqual(
        Array.from({ length: next }, (_, i) => i + 1),
      );
    },
  );

  test('after it was written is found by its attempt id and answered as done', async () => {
    const { registry, commits } = await opened({ commits: ['fails-written'] });
    expect((await registry.write([one('1')]))[0]?.version).toBe(1);
    expect(commits()).toBe(1);
  });

  test('does not hold up those who came after it', async () => {
    const gate = new Gate();
    const { registry } = await opened({ commits: [gate, 'unknown-unwritten'] });
    const first = codeOf(registry.write([one('1')]));
    await gate.reached;
    const second = codeOf(registry.write([one('2')]));
    gate.release();
    expect(await Promise.all([first, second])).toEqual(['outcome-unknown', 'no error']);
  });
});
