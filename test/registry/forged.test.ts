// Somebody who can write the log and has no key, or one that was changed: what they claim decides about nothing.
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { readNames } from '../../src/registry/open-registry.ts';
import { missingRecords } from '../../src/registry/lookup.ts';
import { recordKeyText, encodeRecord, unstamped } from '../../src/registry/records.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, v, write } from './fixture.ts';

const PASSWORD = [path('orders'), name('password')] as const;
const MOST = Number.MAX_SAFE_INTEGER;
const bytes = (value: object) => Buffer.from(JSON.stringify(value));
const forgedNumber = (n: number) =>
  bytes({ destroyed: [], kid: 'ab'.repeat(16), lastVersion: 1, mac: '', metadata: {}, n });

function attack(log: MemoryLog, records: Record<string, Uint8Array | null>): void {
  log.commit(log.claim(), {
    attemptId: `attack ${log.position}`,
    n: undefined,
    records: Object.entries(records).map(([text, value]) => ({ key: text, value })),
    audit: [],
  });
}

async function made() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const first = await openAs(new MemoryStore(log), env);
  await first.registry.write([write('orders', 'password', 'one')]);
  await first.registry.write([write('orders', 'password', 'two')]);
  const later = () => openAs(new MemoryStore(log), env);
  return { log, env, ...first, later };
}

async function latestOf({ registry }: Awaited<ReturnType<typeof openAs>>): Promise<string> {
  return (await registry.read(...PASSWORD, 'latest')).value.reveal();
}

describe('a forged commit number', () => {
  test.each([MOST, MOST - 1, 1000])(
    'of %d stops no write, neither where it is read first nor where it comes later',
    async (n) => {
      const { log, registry, later } = await made();
      attack(log, { '["key","other","key"]': forgedNumber(n) });
      for (const one of [{ registry }, await later()]) {
        const [written] = await one.registry.write([write('orders', 'password', `by ${n}`)]);
        expect(written?.version).toBeGreaterThan(2);
        for (const reader of [await later(), { ...(await later()), registry }])
          expect(await latestOf(reader)).toBe(`by ${n}`);
      }
    },
  );

  test('leaves nothing behind once its record was taken away', async () => {
    const { log, later } = await made();
    attack(log, { '["key","other","key"]': forgedNumber(MOST) });
    attack(log, { '["key","other","key"]': null });
    const one = await later();
    await one.registry.write([write('orders', 'password', 'three')]);
    const two = await later();
    expect(await latestOf(two)).toBe('three');
    expect([two.core.state.lastN, two.core.state.alarms]).toEqual([4, []]);
  });

  test('under a key that nobody has hides no older record that is sent again', async () => {
    const { log, registry, core, later } = await made();
    const old = log.recordsAfter(0).find(({ key }) => key === '["secret","orders","password",1]');
    await registry.delete({ path: path('orders') });
    attack(log, { '["key","other","key"]': forgedNumber(MOST) });
    attack(log, { '["secret","orders","password",1]': old?.value ?? null });
    for (const one of [{ core, registry }, await later()])
      expect(await codeOf(latestOf(one))).toBe('record-not-authentic');
  });

  test('that comes between the opening of a rotation and its first commit does not spoil it', async () => {
    const { log, env } = await made();
    const rotation = await openRotation({
      store: new MemoryStore(log),
      given: { key: key() },
      to: key(9),
      caller,
      ...env,
    });
    attack(log, { '["key","other","key"]': forgedNumber(MOST) });
    await rotation.run();
    const after = await openAs(new MemoryStore(log), env, { key: key(9) });
    expect(await latestOf(after)).toBe('two');
  });
});

describe('a forged version', () => {
  const FORGED = '["secret","orders","password",9007199254740991]';

  test('can be destroyed, and the key goes on with its own numbers', async () => {
    const { log, later } = await made();
    attack(log, { [FORGED]: Buffer.from('{}') });
    const one = await later();
    expect(await codeOf(latestOf(one))).toBe('record-not-authentic');
    await one.registry.delete(
      { path: path('orders'), key: name('password'), version: v(MOST) },
      { permanent: true },
    );
    for (const reader of [one, await later()]) {
      expect(await latestOf(reader)).toBe('two');
      expect(missingRecords(reader.core.state)).toEqual([]);
    }
    const [written] = await one.registry.write([write('orders', 'password', 'three')]);
    expect(written?.version).toBe(3);
  });

  test('of a key that never was is taken away altogether', async () => {
    const { log, later } = await made();
    attack(log, { '["secret","nobody","key",7]': Buffer.from('{}') });
    const one = await later();
    await one.registry.delete({ path: path('nobody') }, { permanent: true });
    expect(log.recordsAfter(0).some(({ key }) => key === '["key","nobody","key"]')).toBe(false);
    const [written] = await one.registry.write([write('nobody', 'key', 'x')]);
    expect(written?.version).toBe(1);
  });

  test('may be one of very many', async () => {
    const { log, later } = await made();
    const many = Array.from({ length: 150_000 }, (_, i) => [
      `["secret","orders","password",${i + 3}]`,
      Buffer.from('{}'),
    ]);
    attack(log, Object.fromEntries(many) as Record<string, Uint8Array>);
    expect(await codeOf(later().then(latestOf))).toBe('record-not-authentic');
  });
});

test('a forged word about a move is not followed, and without a key it is no advice', async () => {
  const { log, core, later } = await made();
  const { mac, kid, ...registry } = core.state.registry ?? { mac: '', kid: '' };
  const moved = { ...registry, kid, mac, movedTo: 'kafka://evil.example:9092/x', n: 9 };
  const inOrder = Object.fromEntries(Object.entries(moved).sort(([a], [b]) => (a < b ? -1 : 1)));
  attack(log, { '["registry"]': bytes(inOrder) });
  expect(await codeOf(later())).toBe('record-not-authentic');
  const names = await readNames(new MemoryStore(log)).catch((error: unknown) => error);
  expect(names).toMatchObject({
    code: 'registry-moved',
    hint: /^secretreg list --registry memory: /,
  });
});

test('a newest commit whose record was taken away is missed', async () => {
  const { log, later } = await made();
  attack(log, { '["commit"]': null });
  expect(missingRecords((await later()).core.state)).toEqual(['the record of the newest commit']);
});

describe('a key that was changed and leaked', () => {
  test('does not come back as the active one, for the same rotation again and for who has both keys', async () => {
    const { log, env, core } = await made();
    const rotate = (store: Store) =>
      openRotation({ store, given: { key: key() }, to: key(9), caller, ...env });
    await (await rotate(new MemoryStore(log))).run();
    const reader = await openAs(new MemoryStore(log), env, { key: key(9) });
    const [old, ours] = [core.keyring.active, reader.core.keyring.active];
    const descriptor = reader.core.state.masterKeys().find(({ kid }) => kid === old.kid);
    if (descriptor === undefined) throw new Error('no descriptor of the old key');
    const stamp = { n: reader.core.state.lastN + 1, masterKey: old, storeId: core.storeId };
    const forged = encodeRecord(
      { kind: 'master-key', kid: old.kid },
      { ...unstamped(descriptor.record), state: 'active' },
      stamp,
    );
    attack(log, {
      [recordKeyText({ kind: 'master-key', kid: ours.kid })]: null,
      [forged.key]: forged.value,
    });
    expect(await codeOf(rotate(new MemoryStore(log)))).toBe('record-not-authentic');
    const both = { key: key(9), oldKey: key() };
    expect(await codeOf(openAs(new MemoryStore(log), env, both))).toBe('record-not-authentic');
  });
});
