import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AuditKey,
  ChainVerifier,
  isAuthenticLine,
  lineHash,
  nextLine,
  readLine,
} from '../../src/crypto/chain.ts';
import { canonicalJson, type JsonValue } from '../../src/domain/canonical-json.ts';
import { answers, bytes } from './answers.ts';
import { checkProperty } from './property.ts';

const KEY = AuditKey.fromBytes(bytes(answers.chain.auditKey));
const OTHER_KEY = AuditKey.fromBytes(Buffer.alloc(32, 0x51));
const ZEROS = '0'.repeat(64);

function makeChain(length: number, chain = 'c1', key = KEY, fork?: { at: number }): string[] {
  const lines: string[] = [];
  for (let i = 0; i < length; i += 1) {
    const id = fork !== undefined && i >= fork.at ? `fork ${i}` : `event ${i}`;
    lines.push(nextLine(key, lines.at(-1), chain, { id, data: { count: i, status: 'ok' } }));
  }
  return lines;
}

/** The first line that does not fit, from 0, and why. */
function firstFault(
  lines: readonly string[],
  key = KEY,
): { at: number; reason: string } | undefined {
  const verifier = new ChainVerifier(key);
  for (const [at, line] of lines.entries()) {
    const reason = verifier.check(line);
    if (reason !== undefined) return { at, reason };
  }
  return undefined;
}

/** A line with members changed and its own MAC kept. */
function changed(line: string, members: { [name: string]: JsonValue | undefined }): string {
  return canonicalJson({ ...(JSON.parse(line) as { [name: string]: JsonValue }), ...members });
}

describe('lines', () => {
  test('are the known ones, to the byte', () => {
    const { chain, events, lines, headHash } = answers.chain;
    const made: string[] = [];
    for (const event of events) made.push(nextLine(KEY, made.at(-1), chain, event));
    expect(made).toEqual(lines);
    expect(lineHash(made.at(-1)!)).toBe(headHash);
  });

  test('are read back with their event', () => {
    const [, line] = answers.chain.lines;
    expect(readLine(line!)).toEqual({
      ok: true,
      value: {
        chain: 'c1',
        seq: 2,
        prev: lineHash(answers.chain.lines[0]!),
        mac: 'f9AbODZpr6f8QIDUnkZQXC2xYUPBOYwq0VHQZaUav3Q=',
        event: answers.chain.events[1],
      },
    });
  });

  test('go on in the chain of the last line, whatever new chain is offered', () => {
    const [first] = makeChain(1, 'old');
    const line = readLine(nextLine(KEY, first, 'new', {}));
    expect(line).toMatchObject({
      ok: true,
      value: { chain: 'old', seq: 2, prev: lineHash(first!) },
    });
  });

  test('go on behind a line that another process made', () => {
    const made = makeChain(3);
    const restarted = AuditKey.fromBytes(bytes(answers.chain.auditKey));
    const line = nextLine(restarted, made[1], 'new', {
      id: 'event 2',
      data: { count: 2, status: 'ok' },
    });
    expect(line).toBe(made[2]);
  });

  test('are authentic where they were written with the key, by whom ever', () => {
    const made = makeChain(3);
    const restarted = AuditKey.fromBytes(bytes(answers.chain.auditKey));
    for (const key of [KEY, restarted])
      expect(made.map((line) => isAuthenticLine(key, line))).toEqual([true, true, true]);
    const foreign = [
      made[2]!.replace('event', 'fault'),
      ...makeChain(2, 'c1', OTHER_KEY),
      '{}',
      '',
    ];
    for (const key of [KEY, restarted])
      expect(foreign.filter((line) => isAuthenticLine(key, line))).toEqual([]);
  });

  test('hold no line end, whatever is in the event', () => {
    const line = nextLine(KEY, undefined, 'c1', { id: 'a\r\nb', half: '\ud800' });
    expect(line).not.toMatch(/[\r\n]/);
    expect(new ChainVerifier(KEY).check(line)).toBeUndefined();
  });

  test.each(['chain', 'seq', 'prev', 'mac'])(
    "are not made of an event with a member '%s'",
    (name) => {
      expect(() => nextLine(KEY, undefined, 'c1', { id: 'x', [name]: 'y' })).toThrow(name);
      expect(() => nextLine(KEY, undefined, 'c1', { id: 'x', [name]: undefined })).toThrow(name);
    },
  );

  test('are not put after something that is no line', () => {
    expect(() => nextLine(KEY, '{}', 'c1', {})).toThrow('names no chain');
    expect(() => nextLine(KEY, '', 'c1', {})).toThrow('canonical');
  });
});

describe('a line is not read', () => {
  const [line] = makeChain(1) as [string];
  test.each([
    ['nothing', '', 'canonical'],
    ['no JSON', '{', 'canonical'],
    ['null', 'null', 'canonical'],
    ['a list', '[]', 'canonical'],
    ['a number', '1', 'canonical'],
    ['a space more', `${line} `, 'canonical'],
    ['a line end', `${line}\n`, 'canonical'],
    ['a member twice', line.replace('{', '{"chain":"c1",'), 'canonical'],
    [
      'another order',
      line.replace('{"chain":"c1",', '{').replace(/}$/, ',"chain":"c1"}'),
      'canonical',
    ],
    ['an escape that is not needed', line.replace('"ok"', '"\\u006fk"'), 'canonical'],
    ['a number in another form', line.replace('"seq":1', '"seq":1.0'), 'canonical'],
    ['a number beyond JSON’s', line.replace('"count":0', '"count":1e999'), 'canonical'],
    [
      'a nesting deeper than the stack',
      `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'canonical',
    ],
    ['no chain', changed(line, { chain: undefined }), 'names no chain'],
    ['an empty chain', changed(line, { chain: '' }), 'names no chain'],
    ['a number as text', changed(line, { seq: '1' }), 'has no number'],
    ['number 0', changed(line, { seq: 0 }), 'has no number'],
    ['half a number', changed(line, { seq: 1.5 }), 'has no number'],
    ['a number beyond 2^53-1', changed(line, { seq: 2 ** 53 }), 'has no number'],
    ['a hash in capitals', changed(line, { prev: 'A'.repeat(64) }), 'has no hash'],
    ['a short hash', changed(line, { prev: '0'.repeat(63) }), 'has no hash'],
    ['a long hash', changed(line, { prev: '0'.repeat(65) }), 'has no hash'],
    ['a hash with something in front', changed(line, { prev: `x${ZEROS}` }), 'has no hash'],
    ['a hash with something behind it', changed(line, { prev: `${ZEROS}x` }), 'has no hash'],
    ['a list of a hash', changed(line, { prev: [ZEROS] }), 'has no hash'],
    ['no MAC', changed(line, { mac: undefined }), 'has no MAC'],
    ['a MAC without padding', changed(line, { mac: 'A'.repeat(43) }), 'has no MAC'],
    ['a short MAC', changed(line, { mac: 'AAAA' }), 'has no MAC'],
  ])('%s', (_, text, reason) => {
    const read = readLine(text);
    expect(!read.ok && read.problem).toContain(reason);
    expect(new ChainVerifier(KEY).check(text)).toContain(reason);
  });

  test('by way of a member named __proto__', () => {
    const odd = nextLine(KEY, undefined, 'c1', JSON.parse('{"__proto__":{"chain":"x"},"id":"1"}'));
    const read = readLine(odd);
    expect(read.ok && Object.keys(read.value.event)).toEqual(['__proto__', 'id']);
    expect(new ChainVerifier(KEY).check(odd)).toBeUndefined();
  });
});

describe('the verifier', () => {
  const lines = makeChain(6);
  const forked = makeChain(6, 'c1', KEY, { at: 3 });

  test('finds nothing in a whole chain, and knows its head', () => {
    const verifier = new ChainVerifier(KEY);
    expect([verifier.seq, verifier.lastHash]).toEqual([0, ZEROS]);
    for (const line of lines) expect(verifier.check(line)).toBeUndefined();
    expect([verifier.seq, verifier.lastHash]).toEqual([6, lineHash(lines[5]!)]);
  });

  test.each([
    ['a changed event', lines.with(2, changed(lines[2]!, { id: 'other' })), 2, 'was changed'],
    ['a member more', lines.with(2, changed(lines[2]!, { more: 1 })), 2, 'was changed'],
    ['a member less', lines.with(2, changed(lines[2]!, { data: undefined })), 2, 'was changed'],
    ['another number', lines.with(2, changed(lines[2]!, { seq: 4 })), 2, 'was changed'],
    ['another hash before', lines.with(2, changed(lines[2]!, { prev: ZEROS })), 2, 'was changed'],
    ['another chain’s name', lines.with(2, changed(lines[2]!, { chain: 'c2' })), 2, 'was changed'],
    [
      'a MAC of another line',
      lines.with(2, changed(lines[2]!, { mac: macOf(lines[3]!) })),
      2,
      'was changed',
    ],
    ['the first line gone', lines.slice(1), 0, 'number 2 where 1 comes next: lines are missing'],
    ['a line gone', lines.toSpliced(3, 1), 3, 'number 5 where 4 comes next: lines are missing'],
    [
      'two lines that changed places',
      [0, 1, 3, 2, 4, 5].map((i) => lines[i]!),
      2,
      'number 4 where 3',
    ],
    [
      'a line twice',
      lines.toSpliced(3, 0, lines[2]!),
      3,
      'number 3 where 4 comes next: it is repeated',
    ],
    [
      'an old line again at the end',
      [...lines, lines[0]!],
      6,
      'number 1 where 7 comes next: it is repeated',
    ],
    [
      'a line of another chain put in',
      lines.toSpliced(3, 0, makeChain(6, 'c2')[3]!),
      3,
      'another chain',
    ],
    [
      'a line of another chain in place of ours',
      lines.with(3, makeChain(6, 'c2')[3]!),
      3,
      'another chain',
    ],
    [
      'a line of another key',
      lines.with(3, makeChain(6, 'c1', OTHER_KEY)[3]!),
      3,
      'this audit key',
    ],
    [
      'a line from a copy that went another way',
      lines.with(3, forked[3]!),
      4,
      'does not follow the line before it',
    ],
    [
      'a tail from a copy that went another way',
      [...lines.slice(0, 4), ...forked.slice(4)],
      4,
      'does not follow',
    ],
  ])('finds %s', (_, edited, at, reason) => {
    const fault = firstFault(edited);
    expect(fault?.at).toBe(at);
    expect(fault?.reason).toContain(reason);
  });

  test('with another key finds every line wrong', () => {
    expect(firstFault(lines, OTHER_KEY)).toMatchObject({ at: 0 });
  });

  test('tells each gap once, and goes on behind it', () => {
    const verifier = new ChainVerifier(KEY);
    const told = [0, 2, 3, 1, 4].map((i) => verifier.check(lines[i]!) !== undefined);
    expect(told).toEqual([false, true, false, true, false]);
    expect([verifier.seq, verifier.lastHash]).toEqual([5, lineHash(lines[4]!)]);
  });

  test('goes on in another chain, whose first line is told', () => {
    const verifier = new ChainVerifier(KEY);
    const other = makeChain(3, 'c2');
    const told = [...lines, ...other].map((line) => verifier.check(line));
    expect(told.filter((reason) => reason !== undefined)).toEqual(['belongs to another chain']);
    expect(told[6]).toBeDefined();
    expect([verifier.seq, verifier.lastHash]).toEqual([3, lineHash(other[2]!)]);
  });

  test('stays where it was after another line of a number that was there', () => {
    const verifier = new ChainVerifier(KEY);
    for (const line of lines.slice(0, 4)) expect(verifier.check(line)).toBeUndefined();
    expect(verifier.check(forked[3]!)).toContain('it is repeated');
    expect(verifier.lastHash).toBe(lineHash(lines[3]!));
    expect(verifier.check(lines[4]!)).toBeUndefined();
  });

  test('may begin later where the first lines are gone, and takes nothing out of order from then on', () => {
    const verifier = new ChainVerifier(KEY, { mayBeginLater: true });
    const told = [2, 3, 5, 1].map((i) => verifier.check(lines[i]!));
    expect(told.map((reason) => reason?.slice(0, 32))).toEqual([
      undefined,
      undefined,
      'has number 6 where 5 comes next:',
      'has number 2 where 7 comes next:',
    ]);
    expect(verifier.check(makeChain(1, 'c2')[0]!)).toBe('belongs to another chain');
    expect(new ChainVerifier(KEY).check(lines[2]!)).toContain('has number 3 where 1 comes next');
  });

  test('stays where it was after a line that was not written with the key', () => {
    const verifier = new ChainVerifier(KEY);
    verifier.check(lines[0]!);
    for (const foreign of [makeChain(6, 'c1', OTHER_KEY)[4]!, changed(lines[1]!, { seq: 5 }), '{}'])
      expect(verifier.check(foreign)).toBeDefined();
    expect([verifier.seq, verifier.lastHash]).toEqual([1, lineHash(lines[0]!)]);
    expect(verifier.check(lines[1]!)).toBeUndefined();
  });

  test('finds each of 20,000 random edits at the first line that was touched', () => {
    const chain = makeChain(12);
    const foreign = [...makeChain(12, 'c2'), ...makeChain(12, 'c1', OTHER_KEY)];
    const line = fc.nat(11);
    const other = fc.constantFrom(...foreign);
    type Edit = (at: number) => string[];
    const edit = fc.oneof(
      fc.tuple(fc.nat(1_000), fc.integer({ min: 32, max: 126 })).map(
        ([i, code]): Edit =>
          (at) =>
            chain.with(at, withCharacter(chain[at]!, i, String.fromCharCode(code))),
      ),
      fc.nat(1_000).map(
        (i): Edit =>
          (at) =>
            chain.with(at, chain[at]!.slice(0, i % chain[at]!.length)),
      ),
      fc.constant<Edit>((at) => chain.toSpliced(at, 1)),
      line.map(
        (to): Edit =>
          (at) =>
            chain.with(at, chain[to]!).with(to, chain[at]!),
      ),
      line.map(
        (to): Edit =>
          (at) =>
            chain.toSpliced(at, 1).toSpliced(to, 0, chain[at]!),
      ),
      line.map(
        (from): Edit =>
          (at) =>
            chain.toSpliced(at, 0, chain[from]!),
      ),
      other.map(
        (one): Edit =>
          (at) =>
            chain.toSpliced(at, 0, one),
      ),
      other.map(
        (one): Edit =>
          (at) =>
            chain.with(at, one),
      ),
    );
    // Not the last line: that it is gone cannot be seen from inside.
    const sample = fc.record({ edit, at: fc.nat(10) });
    checkProperty('edits of a chain', 20_000, sample, ({ edit, at }) => {
      const edited = edit(at);
      const first = edited.findIndex((text, i) => text !== chain[i]);
      fc.pre(first !== -1);
      // The first line says which chain it is: after a foreign beginning the second line is the one that does not fit.
      const wanted = edited[0] === foreign[0] ? 1 : first;
      expect(firstFault(edited)?.at).toBe(wanted);
    });
  });
});

describe('the audit key', () => {
  test.each([0, 31, 33])('is not made of %i bytes', (length) => {
    expect(() => AuditKey.fromBytes(Buffer.alloc(length))).toThrow(
      new RangeError('an audit key is 32 bytes'),
    );
  });

  test('prints nothing of itself', () => {
    expect(inspect(KEY)).toBe('[audit key]');
    expect(String(KEY)).toBe('[audit key]');
    expect(JSON.stringify({ key: KEY })).toBe('{"key":"[audit key]"}');
    expect(inspect(new ChainVerifier(KEY), { showHidden: true, depth: 9 })).not.toMatch(
      /40 41 42|404142/,
    );
  });
});

function withCharacter(line: string, at: number, character: string): string {
  const i = at % line.length;
  return line.slice(0, i) + character + line.slice(i + 1);
}

function macOf(line: string): string {
  const read = readLine(line);
  if (!read.ok) throw new Error(read.problem);
  return read.value.mac;
}
