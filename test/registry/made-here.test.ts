// A record that this process has made is not checked again where the store gives back its very bytes. Nothing else counts
// as one: not the same text read anew, not under another name, another key or in another registry.
import { expect, test } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import {
  decodeRecord,
  encodeRecord,
  isAuthentic,
  type RecordKey,
  recordKeyText,
} from '../../src/registry/records.ts';
import { name, path, v } from './fixture.ts';

const masterKey = MasterKey.fromBytes(new Uint8Array(32).fill(1));
const otherKey = MasterKey.fromBytes(new Uint8Array(32).fill(2));
const storeId = new Uint8Array(16);
const key = { kind: 'secret', path: path('orders'), key: name('password'), version: v(1) } as const;
const record = { createdAt: '', createdBy: '', state: 'enabled', sealed: 'abcd' } as const;

interface Where {
  under: MasterKey;
  inStore: Uint8Array;
  as: RecordKey;
}

function fits(
  bytes: Uint8Array,
  { under = masterKey, inStore = storeId, as = key }: Partial<Where> = {},
): boolean {
  const decoded = decodeRecord('secret', bytes);
  return decoded.ok && isAuthentic(recordKeyText(as), decoded.value, under, inStore, bytes);
}

test('bytes that were made here fit in their own place alone', () => {
  const bytes = encodeRecord(key, record, { n: 1, masterKey, storeId }).value ?? new Uint8Array();
  expect(fits(bytes)).toBe(true);
  expect(fits(Uint8Array.from(bytes))).toBe(true);
  expect(fits(bytes, { as: { ...key, version: v(2) } })).toBe(false);
  expect(fits(bytes, { as: { ...key, path: path('payments') } })).toBe(false);
  expect(fits(bytes, { under: otherKey })).toBe(false);
  expect(fits(bytes, { inStore: new Uint8Array(16).fill(1) })).toBe(false);
});

test('bytes that say the same and were not made here are checked', () => {
  const bytes = encodeRecord(key, record, { n: 1, masterKey, storeId }).value ?? new Uint8Array();
  const text = Buffer.from(bytes).toString();
  for (const changed of [
    text.replace('enabled', 'deleted'),
    text.replace('"n":1', '"n":2'),
    text.replace('"n":1', '"n": 1'),
    text.replace('abcd', 'abcD'),
  ])
    expect([changed, fits(Buffer.from(changed))]).toEqual([changed, false]);
});

test('members whose names are whole numbers, which JSON.parse puts first, are authentic', () => {
  const place = { kind: 'key', path: path('orders'), key: name('password') } as const;
  const metadata = { '9': 'a', '10': 'b', '!': 'c', more: { '2': 1, '10': 2 } };
  const made = encodeRecord(
    place,
    { lastVersion: 1, destroyed: [], metadata },
    { n: 1, masterKey, storeId },
  );
  const bytes = Uint8Array.from(made.value ?? []);
  const decoded = decodeRecord('key', bytes);
  expect(decoded.ok && isAuthentic(made.key, decoded.value, masterKey, storeId, bytes)).toBe(true);
});
