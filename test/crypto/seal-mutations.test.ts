// A sealed value that was changed, moved or renamed in any way opens nowhere, and the refusal has the right code.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { open, type OpenProblem, type Place, seal, type SealLabel } from '../../src/crypto/seal.ts';
import { answers, bytes } from './answers.ts';
import { checkProperty } from './property.ts';

const KEY = MasterKey.fromBytes(bytes(answers.masterKey));
const OTHER_KEY = MasterKey.fromBytes(Buffer.alloc(32, 0x51));
const LABELS: readonly SealLabel[] = ['record', 'canary', 'audit-key'];

/** What `open` is asked. */
interface Attempt {
  place: Place;
  sealed: Uint8Array;
  label: SealLabel;
  keys: (kid: string) => MasterKey | undefined;
}

type Mutation = (attempt: Attempt, original: { other: Uint8Array }) => Attempt;

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', 'e\u0301', '日', '"', '/'),
  maxLength: 6,
});

const mutations: Record<string, fc.Arbitrary<Mutation>> = {
  'a bit': fc
    .tuple(position, fc.nat(7))
    .map(([at, bit]) => edit((sealed) => xor(sealed, Math.floor(at * sealed.length), 1 << bit))),
  'a byte of the header': fc
    .tuple(fc.nat(53), fc.integer({ min: 1, max: 255 }))
    .map(([at, mask]) => edit((sealed) => xor(sealed, at, mask))),
  'a bit of the kid': fc
    .tuple(fc.integer({ min: 6, max: 21 }), fc.nat(7))
    .map(([at, bit]) => edit((sealed) => xor(sealed, at, 1 << bit))),
  'a bit of the commitment': fc
    .tuple(fc.integer({ min: 54, max: 85 }), fc.nat(7))
    .map(([at, bit]) => edit((sealed) => xor(sealed, at, 1 << bit))),
  'a bit of the tag': fc
    .tuple(fc.nat(15), fc.nat(7))
    .map(([at, bit]) => edit((sealed) => xor(sealed, sealed.length - 16 + at, 1 << bit))),
  'cut at the end': position.map((at) =>
    edit((sealed) => sealed.subarray(0, Math.floor(at * sealed.length))),
  ),
  'cut by a few bytes': fc
    .integer({ min: 1, max: 16 })
    .map((count) => edit((sealed) => sealed.subarray(0, sealed.length - count))),
  'cut at the start': position.map((at) =>
    edit((sealed) => sealed.subarray(1 + Math.floor(at * sealed.length))),
  ),
  longer: fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((more) => edit((sealed) => Buffer.concat([sealed, more]))),
  'bytes put in': fc
    .tuple(position, fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map(([at, more]) => edit((sealed) => splice(sealed, Math.floor(at * sealed.length), 0, more))),
  'bytes taken out': fc
    .tuple(position, fc.integer({ min: 1, max: 8 }))
    .map(([at, count]) => edit((sealed) => splice(sealed, Math.floor(at * sealed.length), count))),
  'a part of another value': fc
    .constantFrom<[number, number]>([22, 54], [54, 86], [22, 86], [86, 1e9], [54, 1e9])
    .map(
      ([from, to]): Mutation =>
        (it, { other }) => ({
          ...it,
          sealed: splice(it.sealed, from, to - from, other.subarray(from, to)),
        }),
    ),
  'another value of the same place, with this header': fc.constant((it, { other }) => ({
    ...it,
    sealed: Buffer.concat([it.sealed.subarray(0, 54), other.subarray(54)]),
  })),
  'another store': fc
    .tuple(fc.nat(15), fc.nat(7))
    .map(([at, bit]) => move(({ storeId }) => ({ storeId: xor(storeId, at, 1 << bit) }))),
  'another path': text.map((path) => move(() => ({ path }))),
  'a longer path': text.map((more) => move(({ path }) => ({ path: path + more }))),
  'another key of the path': text.map((key) => move(() => ({ key }))),
  'a letter goes from key to path': fc.constant(
    move(({ path, key }) => ({ path: path + key.slice(0, 1), key: key.slice(1) })),
  ),
  'path and key change places': fc.constant(move(({ path, key }) => ({ path: key, key: path }))),
  'another case': fc.constant(
    move(({ path, key }) => ({ path: path.toUpperCase(), key: key.toUpperCase() })),
  ),
  'another normal form': fc
    .constantFrom('NFC', 'NFD')
    .map((form) =>
      move(({ path, key }) => ({ path: path.normalize(form), key: key.normalize(form) })),
    ),
  'another version': fc.maxSafeNat().map((version) => move(() => ({ version }))),
  'the version before or after': fc
    .constantFrom(-1, 1, -256, 2 ** 32)
    .map((by) => move(({ version }) => ({ version: version + by }))),
  'other metadata': text.map((meta) => move(() => ({ meta }))),
  'another label': fc.constantFrom(...LABELS).map(
    (label): Mutation =>
      (it) => ({ ...it, label }),
  ),
  'another key under this kid': fc.constant((it: Attempt) => ({ ...it, keys: () => OTHER_KEY })),
  'no key': fc.constant((it: Attempt) => ({ ...it, keys: () => undefined })),
};

const sample = fc.record({
  place: fc.record({
    storeId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    path: text,
    key: text,
    version: fc.oneof(fc.nat(1_000), fc.maxSafeNat()),
    meta: text,
  }),
  plaintext: fc.uint8Array({ maxLength: 64 }),
  salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  otherSalt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  label: fc.constantFrom(...LABELS),
  mutation: fc
    .constantFrom(...Object.keys(mutations))
    .chain((name) => mutations[name]!.map((mutate) => ({ name, mutate }))),
});

test('of 50,000 mutated values none opens, and each is refused with the right code', () => {
  const counts = new Map<string, number>();
  checkProperty('mutations of a sealed value', 50_000, sample, (it) => {
    const original: Attempt = {
      place: it.place,
      sealed: seal(KEY, it.place, it.plaintext, it.salt, it.label),
      label: it.label,
      keys: (kid) => (kid === KEY.kid ? KEY : undefined),
    };
    const other = seal(KEY, it.place, it.plaintext, it.otherSalt, it.label);
    const changed = it.mutation.mutate(original, { other });
    fc.pre(!isSame(original, changed));
    const opened = open(changed.keys, changed.place, changed.sealed, changed.label);
    if (opened.ok) throw new Error(`accepted: ${it.mutation.name}`);
    const wanted = wantedProblem(original, changed);
    if (JSON.stringify(opened.problem) !== JSON.stringify(wanted)) {
      throw new Error(`${it.mutation.name}: ${opened.problem.code}`);
    }
    counts.set(it.mutation.name, (counts.get(it.mutation.name) ?? 0) + 1);
  });
  expect([...counts.keys()].sort(), 'every kind came up').toEqual(Object.keys(mutations).sort());
});

/** What is too short or begins otherwise is no sealed value, whatever stands behind; then the key is looked for. */
function wantedProblem(original: Attempt, changed: Attempt): OpenProblem {
  const [was, is] = [Buffer.from(original.sealed), Buffer.from(changed.sealed)];
  const isNone = is.length < 102 || !is.subarray(0, 6).equals(was.subarray(0, 6));
  const place = changed.place;
  if (isNone || !Number.isSafeInteger(place.version) || place.version < 0)
    return { code: 'record-not-authentic' };
  const kid = is.toString('hex', 6, 22);
  return changed.keys(kid) === undefined
    ? { code: 'unknown-master-key', kid }
    : { code: 'record-not-authentic' };
}

function isSame(a: Attempt, b: Attempt): boolean {
  return (
    a.keys === b.keys &&
    a.label === b.label &&
    Buffer.from(a.sealed).equals(b.sealed) &&
    placeText(a) === placeText(b)
  );
}

function placeText({ place }: Attempt): string {
  return JSON.stringify({ ...place, storeId: Buffer.from(place.storeId).toString('hex') });
}

function edit(change: (sealed: Uint8Array) => Uint8Array): Mutation {
  return (it) => ({ ...it, sealed: change(it.sealed) });
}

function move(change: (place: Place) => Partial<Place>): Mutation {
  return (it) => ({ ...it, place: { ...it.place, ...change(it.place) } });
}

function xor(original: Uint8Array, at: number, mask: number): Uint8Array {
  return original.map((byte, i) => (i === at ? byte ^ mask : byte));
}

function splice(
  original: Uint8Array,
  at: number,
  count: number,
  more: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return Buffer.concat([original.subarray(0, at), more, original.subarray(at + count)]);
}
