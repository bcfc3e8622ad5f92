// SRG1 written a second time, from docs/security.md, in a language of other libraries: what either seals the other opens.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { open, type Place, seal } from '../../src/crypto/seal.ts';
import { describeJava, runJavaFile } from '../java.ts';
import { generator } from '../random.ts';
import { answers, bytes } from './answers.ts';

const VALUES = 1_000;
const LABELS = ['record', 'canary', 'audit-key', 'password'] as const;
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

interface Value {
  masterKey: Buffer;
  label: (typeof LABELS)[number];
  place: Place;
  salt: Buffer;
  plaintext: Buffer;
}

describeJava(`${VALUES} random values (SEED=${SEED})`, () => {
  const values = randomValues(generator(SEED));
  const sealedHere = values.map((value) => Buffer.from(sealHere(value)));
  let told: string[];
  let refusals: string[];

  // One process for all of it: starting Java takes longer than a thousand values.
  beforeAll(async () => {
    console.log(`SRG1 in Java: SEED=${SEED}`);
    const opening = values.map((value, i) => openLine(value, sealedHere[i] ?? Buffer.alloc(0)));
    const answered = await runJavaFile(join(import.meta.dirname, 'java/Srg1.java'), [
      ...opening,
      ...values.map(sealLine),
      ...KNOWN.flatMap(({ value, sealed }) => [openLine(value, sealed), sealLine(value)]),
      ...WRONG.map(({ value, sealed }) => openLine(value, sealed)),
    ]);
    told = answered.slice(0, 2 * VALUES + 2 * KNOWN.length);
    refusals = answered.slice(told.length);
  });

  test('of every size, the empty one and 256 KiB among them', () => {
    const sizes = values.map(({ plaintext }) => plaintext.length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 256 * 1024]);
    expect(new Set(sizes).size).toBeGreaterThan(VALUES / 4);
  });

  test('that were sealed here open in Java', () => {
    const opened = told.slice(0, VALUES);
    expect(opened).toHaveLength(VALUES);
    const wrong = values.findIndex((value, i) => opened[i] !== base64(value.plaintext));
    expect(wrong, opened[wrong]?.slice(0, 60)).toBe(-1);
  });

  test('that were sealed in Java open here, and are the same to the byte', () => {
    const sealed = told.slice(VALUES, 2 * VALUES);
    expect(sealed).toHaveLength(VALUES);
    const wrong = values.findIndex((value, i) => {
      const opened = openHere(value, Buffer.from(sealed[i] ?? '', 'base64'));
      return !opened?.equals(value.plaintext) || sealed[i] !== base64(sealedHere[i] ?? value.salt);
    });
    expect(wrong, sealed[wrong]?.slice(0, 60)).toBe(-1);
  });

  test('the known answers are those of Java too', () => {
    expect(KNOWN.length).toBeGreaterThan(3);
    const wanted = KNOWN.flatMap(({ value, sealed }) => [base64(value.plaintext), base64(sealed)]);
    expect(told.slice(2 * VALUES)).toEqual(wanted);
  });

  test('what is damaged, moved or under another key is refused by the same check as on the page', () => {
    expect(refusals).toEqual(WRONG.map(({ reason }) => `refused by ${reason}`));
    for (const { value, sealed } of WRONG) expect(openHere(value, sealed)).toBeUndefined();
  });
});

const KNOWN = answers.sealed.map(({ label, plaintext, sealed, ...place }) => ({
  value: {
    masterKey: bytes(answers.masterKey),
    label,
    place: { ...place, storeId: bytes(answers.storeId) },
    salt: bytes(answers.salt),
    plaintext: bytes(plaintext),
  },
  sealed: bytes(sealed),
}));

const WRONG = KNOWN.flatMap(({ value, sealed }) => {
  const moved = (change: Partial<Place>) => ({ ...value, place: { ...value.place, ...change } });
  const { path, version, meta } = value.place;
  return [
    { reason: 'length', value, sealed: sealed.subarray(0, 101) },
    { reason: 'header', value, sealed: flipped(sealed, 0) },
    { reason: 'header', value, sealed: flipped(sealed, 5) },
    { reason: 'kid', value, sealed: flipped(sealed, 21) },
    { reason: 'kid', value: { ...value, masterKey: Buffer.alloc(32, 0x51) }, sealed },
    { reason: 'commitment', value, sealed: flipped(sealed, 22) },
    { reason: 'commitment', value, sealed: flipped(sealed, 54) },
    { reason: 'commitment', value: moved({ storeId: Buffer.alloc(16, 1) }), sealed },
    { reason: 'commitment', value: moved({ path: `${path}x` }), sealed },
    { reason: 'commitment', value: moved({ key: 'another' }), sealed },
    { reason: 'commitment', value: moved({ version: version === 0 ? 1 : version - 1 }), sealed },
    { reason: 'commitment', value: moved({ meta: `${meta}x` }), sealed },
    { reason: 'commitment', value: { ...value, label: otherLabel(value.label) }, sealed },
    { reason: 'tag', value, sealed: flipped(sealed, sealed.length - 1) },
    { reason: 'tag', value, sealed: Buffer.concat([sealed, Buffer.alloc(1)]) },
  ];
});

function randomValues(random: () => number): Value[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const some = (length: number) => Buffer.alloc(length).map(() => below(256)) as Buffer;
  const text = () =>
    Array.from({ length: below(12) }, () => CHARACTERS[below(CHARACTERS.length)]).join('');
  // As many small ones as large ones: each step is a fixed factor, from 1 byte to 256 KiB.
  const size = (i: number) => [0, 256 * 1024][i] ?? Math.floor(2 ** (random() * 18)) - below(2);
  return Array.from({ length: VALUES }, (_, i) => ({
    masterKey: some(32),
    label: LABELS[below(LABELS.length)] ?? 'record',
    place: {
      storeId: some(16),
      path: text(),
      key: text(),
      version: Math.floor(random() ** 8 * Number.MAX_SAFE_INTEGER),
      meta: text(),
    },
    salt: some(32),
    plaintext: some(size(i)),
  }));
}

const CHARACTERS = [
  'a',
  'Z',
  '/',
  '"',
  ' ',
  '\t',
  '\n',
  '\0',
  'é',
  'e\u0301',
  '日',
  '💧',
  '\ufffd',
];

function sealHere({ masterKey, label, place, salt, plaintext }: Value): Uint8Array {
  return seal(MasterKey.fromBytes(masterKey), place, plaintext, salt, label);
}

function openHere({ masterKey, label, place }: Value, sealed: Buffer): Buffer | undefined {
  const key = MasterKey.fromBytes(masterKey);
  const opened = open((kid) => (kid === key.kid ? key : undefined), place, sealed, label);
  return opened.ok ? Buffer.from(opened.value) : undefined;
}

function openLine(value: Value, sealed: Buffer): string {
  return ['open', ...subject(value), base64(sealed)].join('\t');
}

function sealLine(value: Value): string {
  return ['seal', ...subject(value), base64(value.salt), base64(value.plaintext)].join('\t');
}

function subject({ masterKey, label, place }: Value): string[] {
  const { storeId, path, key, version, meta } = place;
  const parts = [masterKey, storeId, path, key, String(version), meta];
  return [`secretreg/v1/${label}`, ...parts.map((part) => base64(Buffer.from(part)))];
}

function otherLabel(label: Value['label']): Value['label'] {
  return label === 'record' ? 'password' : 'record';
}

function base64(part: Buffer): string {
  return part.toString('base64');
}

function flipped(sealed: Buffer, at: number): Buffer {
  const changed = Buffer.from(sealed);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}
