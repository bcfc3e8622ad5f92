import { describe, expect, test } from 'vitest';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, write } from './fixture.ts';

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
