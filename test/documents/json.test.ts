import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, parseJson } from '../../src/documents/json.ts';
import { positionsIn } from '../../src/documents/position.ts';

/** Problems as `kind @ part: text`. */
function problemsOf(text: string): string[] {
  return parseJson(text).problems.map(
    ({ kind, start, end, text: what, earlier }) =>
      `${kind} @ ${start}-${end} ${JSON.stringify(text.slice(start, end))}: ${what}${earlier === undefined ? '' : ` (${earlier})`}`,
  );
}

describe('a document', () => {
  test.each([
    ['{}', {}],
    ['\uFEFF{"a":1}', { a: 1 }],
    [' [null, true, "x"]\r\n', [null, true, 'x']],
    ['{"__proto__": {"a": 1}}', JSON.parse('{"__proto__": {"a": 1}}')],
    ['"\\ud83d"', '\ud83d'],
  ])('%s has its value and no problem', (text, value) => {
    const document = parseJson(text);
    expect(document.problems).toEqual([]);
    expect(document.roots).toEqual([{ pointer: '', value }]);
  });

  test('agrees with JSON.parse on every value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const document = parseJson(text);
        expect(document.roots[0]?.value).toEqual(JSON.parse(text));
        expect(document.problems).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('has a problem wherever JSON.parse throws, and none where it does not', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '\\',
        '1',
        '01',
        '-',
        'true',
        'nul',
        ' ',
        '\n',
        '/',
        '//x',
        '\t',
        '\uFEFF',
        '\u00a0',
        "'",
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
        let isJson = true;
        try {
          JSON.parse(bare);
        } catch {
          isJson = false;
        }
        const errors = parseJson(text).problems.filter(({ kind }) => kind === 'parse-error');
        expect(errors.length).toBe(isJson ? 0 : 1);
        for (const { start, end } of errors) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['', 'parse-error @ 0-0 "": the file is empty'],
    ['\uFEFF \n', 'parse-error @ 1-1 "": the file is empty'],
    ['{"a": 1,}', "parse-error @ 7-8 \",\": a ',' stands before '}': JSON has no trailing comma"],
    ['[1,\n]', "parse-error @ 2-3 \",\": a ',' stands before ']': JSON has no trailing comma"],
    ['{"a": 1 // x\n}', 'parse-error @ 8-10 "//": JSON has no comments'],
    ['/* x */ {}', 'parse-error @ 0-2 "/*": JSON has no comments'],
    [
      '{"a": "x}',
      'parse-error @ 6-9 "\\"x}": the string is not closed on its line: its \'"\' is missing',
    ],
    [
      '{"a": "\\$x"}',
      'parse-error @ 7-9 "\\\\$": a backslash in the string begins an escape that JSON does not know',
    ],
    [
      '{"a": "\\u12"}',
      'parse-error @ 7-9 "\\\\u": \'\\u\' in the string is not followed by four hexadecimal digits',
    ],
    ['{"a": "x\ty"}', 'parse-error @ 8-9 "\\t": a control character (U+0009) stands in the string'],
    ['{"a": {"b": 1}', 'parse-error @ 13-14 "}": the file ends too early: a \'}\' is missing (0)'],
    ['{"a": [1', 'parse-error @ 7-8 "1": the file ends too early: a \']\' is missing (6)'],
    ['{"a" 1}', 'parse-error @ 5-6 "1": a \':\' is missing between the name and its value'],
    [
      '{"a": 1 "b": 2}',
      'parse-error @ 8-11 "\\"b\\"": a \',\' is missing in front of this, or a \'"\' inside a text is not written \\"',
    ],
    [
      "{'a': 1}",
      'parse-error @ 1-4 "\'a\'": names and texts stand in double quotes, not in single ones',
    ],
    [
      '{a: 1}',
      'parse-error @ 1-2 "a": this is neither a text in double quotes nor a number, true, false or null',
    ],
    ['{"a": }', 'parse-error @ 6-7 "}": a value is missing here'],
    ['{} {}', 'parse-error @ 3-4 "{": the document is complete before this: nothing may follow'],
    [
      '{"a":1,"b":2,"a":3}',
      'duplicate-key @ 13-16 "\\"a\\"": "a" stands in this object already (1)',
    ],
    [
      '\uFEFF{"a":1,"\\u0061":3}',
      'duplicate-key @ 8-16 "\\"\\\\u0061\\"": "a" stands in this object already (2)',
    ],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('tells every repeated name, on every level, and no other', () => {
    const text = '{"a":{"x":1,"x":2},"b":[{"x":1},{"x":1}],"a":1,"a":"\\"a\\":"}';
    expect(parseJson(text).problems.map(({ start, earlier }) => [start, earlier])).toEqual([
      [12, 6],
      [41, 1],
      [47, 1],
    ]);
  });

  test('tells a repeated name whatever stands round its colon, and in strings', () => {
    const member = fc.record({
      name: fc.constantFrom('a', 'b', 'a":', ':'),
      blanks: fc.constantFrom('', ' ', '\n\t', '\r\n  '),
      value: fc.constantFrom('x', '":', '\\":', '" :', ':"'),
    });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), (members) => {
        const written = members.map(
          ({ name, blanks, value }) =>
            `${JSON.stringify(name)}${blanks}:${blanks}${JSON.stringify(value)}`,
        );
        const repeated = members.filter(({ name }, at) =>
          members.slice(0, at).some((one) => one.name === name),
        );
        expect(parseJson(`{${written.join(',')}}`).problems).toHaveLength(repeated.length);
      }),
    );
  });

  test.each([
    ['[', 10_000],
    ['[', 1_000_000],
    ['{"a":', 10_000],
  ])('of %s, %i times, is refused and does not throw', (open, times) => {
    const close = open === '[' ? ']' : '}';
    expect(problemsOf(open.repeat(times))).toHaveLength(1);
    expect(problemsOf(`${open.repeat(times)}1${close.repeat(times)}`)).toHaveLength(1);
  });

  test('may be as deep as Jackson reads, and no deeper', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(problemsOf(deep(MAX_DEPTH))).toEqual([]);
    expect(parseJson(deep(MAX_DEPTH)).locate('/0'.repeat(MAX_DEPTH - 1))).toEqual({
      start: MAX_DEPTH - 1,
      end: MAX_DEPTH + 1,
    });
    expect(parseJson(deep(MAX_DEPTH + 1)).problems[0]).toMatchObject({ start: MAX_DEPTH });
  });
});

describe('a place', () => {
  /** A JSON string in which each code unit is written in one of the ways that JSON has for it. */
  const escaped = fc
    .array(
      fc.record({ unit: fc.constantFrom(...'a/"\\\n\t${:}é😀\ud83d\u2028'), way: fc.nat(3) }),
      { maxLength: 30 },
    )
    .map((units) => ({
      decoded: units.map(({ unit }) => unit).join(''),
      raw: units.map(({ unit, way }) => write(unit, way)),
    }));

  function write(unit: string, way: number): string {
    const hex = Array.from(
      { length: unit.length },
      (_, at) => `\\u${unit.charCodeAt(at).toString(16).padStart(4, '0')}`,
    );
    if (way === 0) return hex.join('');
    if (way === 1) return hex.map((it) => `\\u${it.slice(2).toUpperCase()}`).join('');
    if (unit === '/') return way === 2 ? '/' : '\\/';
    return JSON.stringify(unit).slice(1, -1);
  }

  test('of a part of a string is exact through every escape', () => {
    fc.assert(
      fc.property(escaped, fc.nat(), fc.nat(), ({ decoded, raw }, a, b) => {
        const [from, to] = [a % (raw.length + 1), b % (raw.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const text = `{"x~y/z": [1, "${raw.join('')}"]}`;
        const document = parseJson(text);
        const lengthOf = (pieces: string[]) =>
          (JSON.parse(`"${pieces.join('')}"`) as string).length;
        const start = lengthOf(raw.slice(0, from));
        const end = start + lengthOf(raw.slice(from, to));
        const place = document.locate('/x~0y~1z/1', start, end);
        expect(text.slice(place.start, place.end)).toBe(raw.slice(from, to).join(''));
        expect(
          (document.roots[0]?.value as { 'x~y/z'?: [number, string] } | undefined)?.['x~y/z']?.[1],
        ).toBe(decoded);
      }),
      { numRuns: 3000 },
    );
  });

  test('of every value and name can be told by its pointer', () => {
    const text = '\uFEFF{ "a": [ 1, {"b": "x"}, [] ], "c/d": null, "": {"e": true} }';
    const document = parseJson(text);
    const at = (pointer: string) => {
      const { start, end } = document.locate(pointer);
      return text.slice(start, end);
    };
    expect(['', '/a', '/a/0', '/a/1', '/a/1/b', '/a/2', '/c~1d', '/', '//e'].map(at)).toEqual([
      text.slice(1),
      '[ 1, {"b": "x"}, [] ]',
      '1',
      '{"b": "x"}',
      '"x"',
      '[]',
      'null',
      '{"e": true}',
      'true',
    ]);
    const name = document.locateName('/c~1d');
    expect(text.slice(name.start, name.end)).toBe('"c/d"');
    expect(() => document.locate('/z')).toThrow(RangeError);
  });

  test('of a repeated member is that of the last one, whose value counts', () => {
    const document = parseJson('{"a":1,"a":2}');
    expect([document.roots[0]?.value, document.locate('/a')]).toEqual([
      { a: 2 },
      { start: 11, end: 12 },
    ]);
  });
});

test('lines end with \\n, \\r\\n or \\r, and a byte order mark takes no column', () => {
  const text = '\uFEFFab\ncd\r\n\r😀f';
  const positions = positionsIn(text);
  const at = (offset: number) => Object.values(positions.at(offset)).join(':');
  expect([1, 3, 4, 6, 8, 9, 11, 12].map(at)).toEqual([
    '1:1',
    '1:3',
    '2:1',
    '2:3',
    '3:1',
    '4:1',
    '4:3',
    '4:4',
  ]);
  expect([0, 1, 5, 8, 9].map((offset) => positions.lineAt(offset))).toEqual([
    { start: 1, end: 3 },
    { start: 1, end: 3 },
    { start: 4, end: 6 },
    { start: 8, end: 8 },
    { start: 9, end: 12 },
  ]);
});
