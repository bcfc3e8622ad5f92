import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { checkRecordMac, recordMac } from '../../src/crypto/record-mac.ts';
import { answers, bytes } from './answers.ts';
import { checkProperty } from './property.ts';

const KEY = MasterKey.fromBytes(bytes(answers.masterKey));
const OTHER_KEY = MasterKey.fromBytes(Buffer.alloc(32, 0x51));
const STORE_ID = bytes(answers.storeId);

test.each(answers.recordMacs)("the MAC of '$recordKey' is $mac", ({ recordKey, value, mac }) => {
  expect(recordMac(KEY, STORE_ID, recordKey, value)).toBe(mac);
  expect(checkRecordMac(KEY, STORE_ID, recordKey, value, mac)).toBe(true);
});

describe('a MAC in another form than its canonical one does not fit', () => {
  const mac = recordMac(KEY, STORE_ID, '["commit"]', '{}');
  test.each([
    ['empty', ''],
    ['no base64', '!'.repeat(44)],
    ['without padding', mac.slice(0, -1)],
    ['with a newline', `${mac}\n`],
    ['with a space before it', ` ${mac}`],
    ['as hex', Buffer.from(mac, 'base64').toString('hex')],
    ['as base64url', mac.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
    ['with spare bits', withSpareBits(mac)],
    ['one byte shorter', Buffer.from(mac, 'base64').subarray(1).toString('base64')],
    [
      'one byte longer',
      Buffer.concat([Buffer.from(mac, 'base64'), Buffer.of(0)]).toString('base64'),
    ],
  ])('%s', (_, given) => {
    expect(checkRecordMac(KEY, STORE_ID, '["commit"]', '{}', given)).toBe(false);
  });
});

test('half of a surrogate pair has no MAC, and fits none', () => {
  expect(() => recordMac(KEY, STORE_ID, '\ud800', '{}')).toThrow(TypeError);
  expect(() => recordMac(KEY, STORE_ID, '', '"\ud800"')).toThrow(TypeError);
  const mac = recordMac(KEY, STORE_ID, '\ufffd', '{}');
  expect(checkRecordMac(KEY, STORE_ID, '\ud800', '{}', mac)).toBe(false);
  expect(checkRecordMac(KEY, STORE_ID, '\ufffd', '"\ud800"', mac)).toBe(false);
});

test('of 50,000 MACs with something changed none fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '日', '{'), maxLength: 8 });
  const change = fc.oneof(
    text.map((value) => (it: Checked) => ({ ...it, value })),
    text.map((recordKey) => (it: Checked) => ({ ...it, recordKey })),
    fc.constant((it: Checked) => ({
      ...it,
      recordKey: it.recordKey + it.value.slice(0, 1),
      value: it.value.slice(1),
    })),
    fc.nat(127).map((bit) => (it: Checked) => ({ ...it, storeId: flip(it.storeId, bit) })),
    fc.nat(255).map((bit) => (it: Checked) => {
      const mac = flip(Buffer.from(it.mac, 'base64'), bit).toString('base64');
      return { ...it, mac };
    }),
    fc.constant((it: Checked) => ({ ...it, key: OTHER_KEY })),
  );
  const sample = fc.record({ recordKey: text, value: text, change });
  checkProperty('mutations of a MAC', 50_000, sample, ({ recordKey, value, change }) => {
    const mac = recordMac(KEY, STORE_ID, recordKey, value);
    const original: Checked = { key: KEY, storeId: STORE_ID, recordKey, value, mac };
    const changed = change(original);
    const isOther = Object.keys(original).some(
      (name) => original[name as keyof Checked] !== changed[name as keyof Checked],
    );
    fc.pre(isOther);
    expect(fits(original)).toBe(true);
    expect(fits(changed)).toBe(false);
  });
});

interface Checked {
  key: MasterKey;
  storeId: Uint8Array;
  recordKey: string;
  value: string;
  mac: string;
}

function fits({ key, storeId, recordKey, value, mac }: Checked): boolean {
  return checkRecordMac(key, storeId, recordKey, value, mac);
}

function flip(original: Uint8Array, bit: number): Buffer {
  return Buffer.from(original.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
}

/** The last character before the padding holds two bits that belong to no byte. */
function withSpareBits(mac: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${mac.slice(0, 42)}${alphabet[alphabet.indexOf(mac[42]!) + 1]}=`;
}
