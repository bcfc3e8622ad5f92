// What is left of a text when values were taken out of it: the same wherever its chunks end.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Automaton } from '../../../src/cli/run/automaton.ts';
import { Masker } from '../../../src/cli/run/masker.ts';

/** By the book: which bytes belong to an occurrence. */
function covered(text: Buffer, needles: readonly Buffer[]): boolean[] {
  const found = Array.from(text, () => false);
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
      found.fill(true, at, at + needle.length);
  }
  return found;
}

/** Those go, and what stands side by side is one mask. */
function render(text: Buffer, found: readonly boolean[]): Buffer {
  const parts = Array.from(text, (byte, i) => {
    if (!found[i]) return Buffer.of(byte);
    return Buffer.from(i > 0 && found[i - 1] ? '' : '***');
  });
  return Buffer.concat(parts);
}

const expected = (text: Buffer, needles: readonly Buffer[]) => render(text, covered(text, needles));

function masked(chunks: readonly Uint8Array[], needles: readonly Buffer[]): Buffer {
  const masker = new Masker(new Automaton(needles));
  return Buffer.concat([...chunks.map((chunk) => masker.write(chunk)), masker.end()]);
}

/** Cut at these places. */
function cut(text: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((from, i) => text.subarray(from, ends[i] ?? text.length));
}

/** Few letters, so that values occur, overlap and begin without ending. */
const few = (letters: string, max: number) =>
  fc
    .array(fc.constantFrom(...letters), { minLength: 1, maxLength: max })
    .map((parts) => Buffer.from(parts.join('')));
const bytes = (max: number) =>
  fc.uint8Array({ minLength: 1, maxLength: max }).map((it) => Buffer.from(it));
const places = fc.array(fc.nat(300), { maxLength: 20 });

describe('a masker', () => {
  test('masks random texts as if they were one piece, in random chunks', () => {
    const sample = fc.tuple(fc.array(few('ab', 6), { maxLength: 4 }), few('abc', 300), places);
    fc.assert(
      fc.property(sample, ([needles, text, places]) => {
        expect(masked(cut(text, places), needles)).toEqual(expected(text, needles));
      }),
      { numRuns: 20_000 },
    );
  });

  test('masks values put into bytes of any kind, and none of them is left', () => {
    const sample = fc.tuple(
      fc.array(bytes(40), { minLength: 1, maxLength: 6 }),
      bytes(100),
      places,
    );
    fc.assert(
      fc.property(sample, fc.infiniteStream(fc.nat(1000)), ([values, between, places], random) => {
        const needles = values.filter((value) => !value.includes('*'));
        const parts = Array.from({ length: 8 }, () => {
          const at = random.next().value ?? 0;
          return [between.subarray(at % between.length), needles[at % needles.length] ?? between];
        });
        const text = Buffer.concat(parts.flat());
        const out = masked(cut(text, places), needles);
        expect(out).toEqual(expected(text, needles));
        for (const needle of needles) expect(out.includes(needle)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  test('holds back no byte longer than it has to: what can be no value goes on at once', () => {
    const sample = fc.tuple(fc.array(few('ab', 6), { maxLength: 4 }), few('abc', 100));
    fc.assert(
      fc.property(sample, ([needles, text]) => {
        const masker = new Masker(new Automaton(needles));
        const out: Buffer[] = [];
        for (let i = 0; i < text.length; i += 1) {
          out.push(masker.write(text.subarray(i, i + 1)));
          expect(Buffer.concat(out)).toEqual(decided(text.subarray(0, i + 1), needles));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['a value in the middle of a chunk', ['say hunter2!'], 'say ***!'],
    ['one cut in two', ['say hun', 'ter2!'], 'say ***!'],
    ['one that comes byte by byte', [...'say hunter2!'], 'say ***!'],
    ['two side by side', ['hunter2hunter2'], '***'],
    ['the beginning of one at the end', ['say hunter'], 'say hunter'],
    ['one that begins again within itself', ['hunhunter2'], 'hun***'],
    ['one inside of another', ['xpassword1x'], 'x***x'],
    ['one that has begun as another', ['password-hunter2', '1'], '***-***1'],
    ['no value', ['nothing', ' here'], 'nothing here'],
  ])('%s', (_, chunks, out) => {
    const needles = ['hunter2', 'password', 'password1', 'password-hunter3'];
    const text = masked(
      chunks.map((it) => Buffer.from(it)),
      needles.map((it) => Buffer.from(it)),
    );
    expect(text.toString()).toBe(out);
  });

  test('goes on with more values, also in what it held back', () => {
    const masker = new Masker(new Automaton([Buffer.from('hunter2')]));
    const first = masker.write(Buffer.from('say hunt'));
    masker.use(new Automaton(['hunter2', 'hunt-3'].map((it) => Buffer.from(it))));
    const rest = [masker.write(Buffer.from('-3, hunter2')), masker.end()];
    expect(Buffer.concat([first, ...rest]).toString()).toBe('say ***, ***');
  });

  test('goes on with more values in the midst of one, whatever of it was masked as another', () => {
    const sample = fc.tuple(fc.array(few('ab', 6), { maxLength: 4 }), few('abc', 100), places);
    fc.assert(
      fc.property(sample, ([needles, text, places]) => {
        const masker = new Masker(new Automaton(needles));
        const out = cut(text, places).map((chunk) => {
          const written = masker.write(chunk);
          masker.use(new Automaton([...needles, Buffer.from('dd')]));
          return written;
        });
        expect(Buffer.concat([...out, masker.end()])).toEqual(expected(text, needles));
      }),
      { numRuns: 5000 },
    );
  });
});

/** What has to be out: all up to the first byte that is not masked and may yet belong to a value. */
function decided(text: Buffer, needles: readonly Buffer[]): Buffer {
  const isBegun = (from: number) =>
    needles.some((needle) => needle.subarray(0, text.length - from).equals(text.subarray(from)));
  const begun = Array.from(text, (_, from) => from).find(isBegun) ?? text.length;
  const found = covered(text, needles);
  const open = found.findIndex((it, i) => !it && i >= begun);
  return render(text.subarray(0, open === -1 ? text.length : open), found);
}

describe('its cost is that of the length of the text', () => {
  const many = (text: string, times: number) => Buffer.from(text.repeat(times));
  test.each([
    ['a value of one letter, in that letter', [many('a', 5000)], many('a', 100_000)],
    ['many such values', [10, 100, 1000].map((n) => many('a', n)), many('a', 100_000)],
    ['such a value that ends otherwise', [Buffer.from(`${'a'.repeat(5000)}b`)], many('a', 100_000)],
    [
      'one that begins anew again and again',
      [Buffer.from(`${'ab'.repeat(2000)}c`)],
      many('ab', 50_000),
    ],
    [
      'short ones inside of a long one that never ends',
      [Buffer.from(`x${'a'.repeat(50_000)}b`), many('a', 2000)],
      Buffer.from(`x${'a'.repeat(40_000)}`),
    ],
  ])('%s', (_, needles, text) => {
    const automaton = new Automaton(needles);
    const masker = new Masker(automaton);
    for (const byte of text) masker.write(Uint8Array.of(byte));
    masker.end();
    expect(automaton.transitions).toBeLessThanOrEqual(2 * text.length);
  });
});
