// What is counted with every record is what a walk over all of them would count, whatever was written, taken away, forged,
// or put aside until its key is given.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import type { Grant, Principal } from '../../src/domain/access.ts';
import { describeRegistry } from '../../src/registry/description.ts';
import { CurrentRecords } from '../../src/registry/current-records.ts';
import { KeyTree } from '../../src/registry/key-tree.ts';
import {
  encodeRecord,
  isAuthentic,
  isDescriptor,
  type RecordKey,
  recordKeyText,
  type RecordValue,
} from '../../src/registry/records.ts';
import { rotationStatus } from '../../src/registry/rotation.ts';
import { State, type Verifier } from '../../src/registry/state.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { checkProperty } from '../crypto/property.ts';
import { environment, init, name, openAs, path, v, write } from './fixture.ts';

const [ONE, TWO, UNKNOWN] = [1, 2, 3].map((n) => MasterKey.fromBytes(new Uint8Array(32).fill(n)));
const STORE_ID = new Uint8Array(16);
const made = { createdAt: '', createdBy: '' };
const grant: Grant = { principal: 'User:a' as Principal, role: 'SystemAdmin' };

function valueOf(key: RecordKey, state: 'enabled' | 'deleted'): RecordValue {
  if (key.kind === 'secret') return { ...made, state, sealed: '' };
  if (key.kind === 'key') return { lastVersion: 3, destroyed: [], metadata: {} };
  if (key.kind === 'token')
    return { ...made, principal: 'User:a' as Principal, digest: '', expiresAt: '' };
  if (key.kind === 'master-key')
    return { kdf: { name: 'none' }, state: 'active', createdAt: '', check: '' } as never;
  return made;
}

const places = fc.record({
  path: fc.constantFrom(path('orders'), path('payments')),
  key: fc.constantFrom(name('user'), name('password')),
});
const keys: fc.Arbitrary<RecordKey> = fc.oneof(
  places.map((place): RecordKey => ({ kind: 'key', ...place })),
  fc
    .tuple(places, fc.integer({ min: 1, max: 3 }))
    .map(([place, version]): RecordKey => ({ kind: 'secret', ...place, version: v(version) })),
  fc.constantFrom<RecordKey>(
    { kind: 'grant', grant },
    { kind: 'user', principal: 'User:a' as Principal },
    { kind: 'token', id: '0123456789abcdef' },
    { kind: 'master-key', kid: 'ab'.repeat(16) },
  ),
);
const steps = fc.array(
  fc.record({
    key: keys,
    state: fc.constantFrom('enabled' as const, 'deleted' as const),
    under: fc.constantFrom(ONE, TWO, UNKNOWN),
    how: fc.constantFrom('put', 'put', 'put', 'remove', 'forge', 'no JSON'),
  }),
  { maxLength: 40 },
);

function verifier(known: readonly (MasterKey | undefined)[]): Verifier {
  return (text, value) => {
    const key = known.find((one) => one?.kid === value.kid);
    if (key !== undefined)
      return isAuthentic(text, value, key, STORE_ID) ? 'authentic' : 'not-authentic';
    return isDescriptor(text) ? 'signpost' : 'unknown-key';
  };
}

function walked(state: State) {
  const records = [...state.records()];
  const underKeys = new Map<string, number>();
  for (const [key, { kid }] of records)
    if (key.kind !== 'master-key') underKeys.set(kid, (underKeys.get(kid) ?? 0) + 1);
  const counts = { paths: 0, keys: 0, versions: 0 };
  for (const one of state.paths()) {
    const visible = state.entries(one).flatMap(({ versions }) => {
      const all = [...versions.values()];
      const enabled = all.filter((it) => 'record' in it && it.record.state === 'enabled').length;
      return all.some((it) => 'damaged' in it) || enabled > 0 ? [enabled] : [];
    });
    counts.paths += visible.length > 0 ? 1 : 0;
    counts.keys += visible.length;
    counts.versions += visible.reduce((sum, n) => sum + n, 0);
  }
  const ofKind = (kind: RecordKey['kind']) =>
    records.flatMap(([key]) => (key.kind === kind ? [recordKeyText(key)] : []));
  return { underKeys, counts, ofKind };
}

function expectIndexed(state: State): void {
  const { underKeys, counts, ofKind } = walked(state);
  expect(new Map(state.countsByKey())).toEqual(underKeys);
  expect(state.counts).toEqual(counts);
  for (const kind of ['grant', 'user', 'token'] as const) {
    const texts = state.accessRecords(kind).map(({ key }) => recordKeyText(key));
    expect(texts).toEqual(ofKind(kind));
  }
  expect(state.grantsOf('User:a')).toEqual(ofKind('grant').length > 0 ? [grant] : []);
  expect(state.masterKeys().length).toBe(ofKind('master-key').length);
  expect(state.alarmCount).toBe(state.alarms.length);
}

describe('what a state counts', () => {
  test('is what a walk over its records finds', () => {
    // Of a hundred one run in six met no record that is under another key now.
    checkProperty('what a state counts', 1000, fc.tuple(steps, fc.nat(40)), ([all, keysAt]) => {
      const state = new State();
      state.useVerifier(() => verifier([ONE]));
      for (const [i, { key, state: secret, under, how }] of all.entries()) {
        const masterKey = under ?? ONE;
        if (masterKey === undefined) continue;
        if (i === keysAt) state.useVerifier(() => verifier([ONE, TWO]));
        const stamp = { n: i + 1, masterKey, storeId: STORE_ID };
        const { key: text, value } = encodeRecord(key, valueOf(key, secret), stamp);
        const bytes = {
          put: value,
          remove: null,
          forge: Buffer.from(
            Buffer.from(value ?? [])
              .toString()
              .replace('"mac":"', '"mac":"A'),
          ),
          'no JSON': Buffer.from('{'),
        }[how];
        state.apply({ position: i + 1, key: text, value: bytes ?? null });
        expectIndexed(state);
      }
      state.clear();
      expectIndexed(state);
    });
  });
});

describe('of a registry with 1,000 secrets', () => {
  test('counts, master keys and access are told without a walk over its records', async () => {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env);
    const { core, registry } = await openAs(new MemoryStore(log), env);
    await registry.write(
      Array.from({ length: 1000 }, (_, i) => write(`path-${i}`, 'key', 'value')),
    );
    const walks = [
      vi.spyOn(CurrentRecords.prototype, 'entries'),
      vi.spyOn(KeyTree.prototype, 'paths'),
      vi.spyOn(KeyTree.prototype, 'keysOf'),
    ];
    expect(describeRegistry(core).counts).toEqual({ paths: 1000, keys: 1000, versions: 1000 });
    const [active] = rotationStatus(core.state).keys;
    // Each secret is two records; the registry, its audit key and the newest commit are one each.
    expect(active?.records).toBe(2003);
    for (const kind of ['grant', 'user', 'token'] as const)
      expect(core.state.accessRecords(kind)).toEqual([]);
    const steps = walks.map((walk) => walk.mock.calls.length);
    for (const walk of walks) walk.mockRestore();
    expect(steps).toEqual([0, 0, 0]);
  });
});
