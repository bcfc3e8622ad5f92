import { describe, expect, test } from 'vitest';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { seal } from '../../src/crypto/seal.ts';
import { encodeRecord, unstamped } from '../../src/registry/records.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, v, write } from './fixture.ts';

const masterKey = (first: number) =>
  MasterKey.fromBytes(Uint8Array.from({ length: 32 }, (_, i) => (first + i) % 256));

async function filled(secrets = 600) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write(
    Array.from({ length: secrets }, (_, i) => write(`path-${i}`, 'password', `value ${i}`)),
  );
  await registry.delete({ path: path('path-2') });
  const rotation = (faults?: ConstructorParameters<typeof MemoryStore>[1]) =>
    openRotation({
      store: new MemoryStore(log, faults),
      given: { key: key(0) },
      to: key(50),
      caller,
      ...env,
    });
  return { log, env, registry, rotation };
}

describe('master-key rotation', () => {
  test('afterwards every value opens under the new key alone, and the old key is refused', async () => {
    const { log, env, rotation } = await filled();
    const running = await rotation();
    const seen: number[] = [];
    const { records } = await running.run(({ done }) => seen.push(done));
    expect(records).toBe(601);
    expect(seen.at(-1)).toBeGreaterThan(1200);
    const { registry } = await openAs(new MemoryStore(log), env, { key: key(50) });
    expect((await registry.read(path('path-599'), name('password'), 'latest')).value.reveal()).toBe(
      'value 599',
    );
    await registry.restore({ path: path('path-2') });
    expect((await registry.read(path('path-2'), name('password'), 'latest')).value.reveal()).toBe(
      'value 2',
    );
    expect(await codeOf(openAs(new MemoryStore(log), env))).toBe('wrong-master-key');
  });

  test('a version that is deleted or restored meanwhile is under the new key too', async () => {
    const { log, env, rotation } = await filled();
    const keys = { key: key(0), accepted: [key(50)] };
    const { registry: other } = await openAs(new MemoryStore(log), env, keys);
    const running = await rotation();
    let reports = 0;
    await running.run(async () => {
      reports += 1;
      if (reports > 1) return;
      // What was not reached yet, and what was.
      for (const one of ['path-0', 'path-598', 'path-599']) await other.delete({ path: path(one) });
      await other.restore({ path: path('path-2') });
      await other.restore({ path: path('path-599') });
    });
    const { registry } = await openAs(new MemoryStore(log), env, { key: key(50) });
    for (const i of [0, 598]) await registry.restore({ path: path(`path-${i}`) });
    for (const i of [0, 2, 598, 599]) {
      const { value } = await registry.read(path(`path-${i}`), name('password'), 'latest');
      expect(value.reveal()).toBe(`value ${i}`);
    }
  });

  test('killed after any commit, the same command goes on where it was', async () => {
    for (let commits = 0; commits < 8; commits += 1) {
      const { log, env, rotation } = await filled();
      const faults = Array.from({ length: commits }, () => 'none' as const);
      const broken = await rotation({ commits: [...faults, 'unknown-unwritten'] });
      expect(await codeOf(broken.run())).toBe(commits < 7 ? 'outcome-unknown' : 'no error');
      if (commits > 0 && commits < 7) {
        expect(await codeOf(openAs(new MemoryStore(log), env))).toBe('master-key-retiring');
        expect(await codeOf(openAs(new MemoryStore(log), env, { key: key(50) }))).toBe(
          'rotation-unfinished',
        );
        await openAs(new MemoryStore(log), env, { key: key(50), oldKey: key(0) });
      }
      await (await rotation()).run();
      const { registry } = await openAs(new MemoryStore(log), env, { key: key(50) });
      expect((await registry.read(path('path-3'), name('password'), 'latest')).value.reveal()).toBe(
        'value 3',
      );
    }
  });

  test('overtaken by another change, and by the next one, it stops and changes nothing', async () => {
    for (let commits = 0; commits < 7; commits += 1) {
      const { log, env } = await filled();
      const change = async (given: GivenKeys, to: GivenKeys['key'], store: MemoryStore) =>
        (await openRotation({ store, given, to, caller, ...env })).run();
      let left = commits;
      class Overtaken extends MemoryStore {
        override async transact(decide: Parameters<MemoryStore['transact']>[0]) {
          if (left === 0) {
            await change({ key: key(0) }, key(50), new MemoryStore(log));
            await change({ key: key(50) }, key(99), new MemoryStore(log));
          }
          left -= 1;
          return super.transact(decide);
        }
      }
      const overtaken = change({ key: key(0) }, key(50), new Overtaken(log));
      expect(await codeOf(overtaken)).toBe('wrong-master-key');
      const { registry } = await openAs(new MemoryStore(log), env, { key: key(99) });
      expect((await registry.read(path('path-3'), name('password'), 'latest')).value.reveal()).toBe(
        'value 3',
      );
    }
  });

  test('a process that knows only the old key stops at once and writes nothing', async () => {
    const { log, registry, rotation } = await filled(5);
    await (await rotation()).run();
    const before = log.position;
    const lines = log.auditLength;
    expect(await codeOf(registry.write([write('path-1', 'password', 'late')]))).toBe(
      'wrong-master-key',
    );
    expect(await codeOf(registry.read(path('path-1'), name('password'), 'latest'))).toBe(
      'wrong-master-key',
    );
    expect([log.position, log.auditLength]).toEqual([before, lines]);
  });

  test('a key that was changed forges nothing, though the process is given it as the old one', async () => {
    const { log, env, rotation } = await filled(3);
    await (await rotation()).run();
    const keys = { key: key(50), oldKey: key(0) };
    const { core } = await openAs(new MemoryStore(log), env, keys);
    const [old, n] = [masterKey(0), core.state.lastN + 1];
    const stamp = { n, masterKey: old, storeId: core.storeId };
    const [at, by] = ['2026-01-01T00:00:00.000Z', 'User:mallory'];
    const place = { path: 'path-1', key: 'password', version: 2, storeId: core.storeId };
    const meta = canonicalJson({ createdAt: at, createdBy: by });
    const sealed = seal(old, { ...place, meta }, Buffer.from('forged'), env.random(32));
    const forged = [
      encodeRecord(
        { kind: 'secret', path: path('path-1'), key: name('password'), version: v(2) },
        {
          createdAt: at,
          createdBy: by,
          state: 'enabled',
          sealed: Buffer.from(sealed).toString('base64'),
        },
        stamp,
      ),
      encodeRecord(
        { kind: 'key', path: path('path-1'), key: name('password') },
        { lastVersion: v(2), metadata: {}, destroyed: [] },
        stamp,
      ),
      ...[...core.state.masterKeys()]
        .filter(({ kid }) => kid === old.kid)
        .map(({ kid, record }) =>
          encodeRecord(
            { kind: 'master-key', kid },
            { ...unstamped(record), state: 'retiring', successor: masterKey(50).kid },
            stamp,
          ),
        ),
      encodeRecord({ kind: 'commit' }, { attemptId: 'x', at, retiring: old.kid }, stamp),
    ];
    log.commit(log.claim(), { attemptId: 'attack', n, records: forged, audit: [] });
    const read = openAs(new MemoryStore(log), env, keys).then(({ registry }) =>
      registry.read(path('path-1'), name('password'), 'latest'),
    );
    expect(await codeOf(read)).toBe('record-under-unknown-key');
  });

  test('versions, times and authors stay', async () => {
    const { log, env, registry, rotation } = await filled(3);
    const before = await registry.listPaths({ deleted: true });
    await (await rotation()).run();
    const after = await openAs(new MemoryStore(log), env, { key: key(50) });
    expect(await after.registry.listPaths({ deleted: true })).toEqual(before);
  });

  test('a dry run opens everything and changes nothing; prepare writes one descriptor', async () => {
    const { log, rotation } = await filled(3);
    const before = log.position;
    expect(await (await rotation()).dryRun()).toBe(4);
    expect(log.position).toBe(before);
    const prepared = await rotation();
    await prepared.prepare();
    await prepared.prepare();
    expect(prepared.status().keys.map(({ state }) => state)).toEqual(['active', 'prepared']);
    await (await rotation()).run();
  });

  test('a rotation that is done says so and does nothing', async () => {
    const { log, rotation } = await filled(3);
    await (await rotation()).run();
    const before = log.position;
    const again = await rotation();
    expect(again.finished).toBe(true);
    await again.run();
    expect(log.position).toBe(before);
  });
});
