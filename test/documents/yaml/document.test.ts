import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/documents/yaml/document.ts';
import { MAX_DEPTH } from '../../../src/documents/yaml/stream.ts';
import { MAX_REPEATED, MAX_REPEATED_TEXT } from '../../../src/documents/yaml/values.ts';

/** Problems as `kind @ place "part": text`. */
function problemsOf(text: string): string[] {
  return parseYaml(text).problems.map(
    ({ kind, start, end, text: what, earlier }) =>
      `${kind} @ ${start} ${JSON.stringify(text.slice(start, end))}: ${what}${earlier === undefined ? '' : ` (${earlier})`}`,
  );
}

describe('the value of a stream', () => {
  test.each([
    ['a: 1', [{ a: 1 }]],
    ['a: 1\n---\nb: 2\n...\n---\n', [{ a: 1 }, { b: 2 }, null]],
    ['# nothing but a remark\n', [null]],
    ['\uFEFFa: b\r\nc: d\r\n', [{ a: 'b', c: 'd' }]],
    ['a: b\rc: d\r', [{ a: 'b', c: 'd' }]],
    ['%YAML 1.1\n%TAG !e! tag:example.com,2000:\n---\na: !e!x b', [{ a: 'b' }]],
    ['{"a": [1, "b", null, true]}', [{ a: [1, 'b', null, true] }]],
    [
      'a: yes\nb: Off\nc: "yes"\nd: ~\ne:\nf: null',
      [{ a: true, b: false, c: 'yes', d: null, e: null, f: null }],
    ],
    [
      'a: 0777\nb: 0x1F\nc: 1_000\nd: 1.50\ne: 1e3\nf: +7',
      [{ a: 511, b: 31, c: 1000, d: 1.5, e: 1000, f: 7 }],
    ],
    [
      'a: 12345678901234567890\nb: +12345678901234567890',
      [{ a: '12345678901234567890', b: '12345678901234567890' }],
    ],
    ['a: 12:30\nb: 2026-11-27\nc: 1.2.3', [{ a: '12:30', b: '2026-11-27', c: '1.2.3' }]],
    [
      'a: !!str 1\nb: !!int "2"\nc: !vault x\nd: !!binary eA==',
      [{ a: '1', b: 2, c: 'x', d: 'eA==' }],
    ],
    ['1: a\ntrue: b\n~: c\n1.5: d', [{ '1': 'a', true: 'b', null: 'c', '1.5': 'd' }]],
    ['{a, b: , "c":d}', [{ a: null, b: null, c: 'd' }]],
    ['x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  b: 3', [{ x: { a: 1, b: 2 }, z: { a: 1, b: 3 } }]],
    [
      'x: &x {a: 1}\nu: &u {a: 2, b: 2}\nz: {<<: [*x, *u], c: 3}',
      [{ x: { a: 1 }, u: { a: 2, b: 2 }, z: { a: 1, b: 2, c: 3 } }],
    ],
    ['a: &x 1\nb: *x\nc: &x 2\nd: *x', [{ a: 1, b: 1, c: 2, d: 2 }]],
    ['&k a: b\n*k : c', [{ a: 'c' }]],
    ['"<<": a', [{ '<<': 'a' }]],
    ['__proto__: {a: 1}', [JSON.parse('{"__proto__": {"a": 1}}')]],
  ])('%j', (text, values) => {
    expect(parseYaml(text).roots.map(({ value }) => value)).toEqual(values);
  });
});

describe('a value', () => {
  const TEXT = `# why
base: &base
  connection.password: "\${secret:a:b}"   # remark
  "it's": 'don''t'
---
x: &x plain
spec:
  <<: &m
    merged: 1
  alias: *x
  list:
    - {k: v}
    - - deep
  block: |
    one
    two

  a/b~c: end
alone: {name}
`;
  const document = parseYaml(TEXT);
  const shown = ({ start, end }: { start: number; end: number }) => TEXT.slice(start, end);

  test.each([
    ['/0/base/connection.password', '"${secret:a:b}"', 'connection.password'],
    ["/0/base/it's", "'don''t'", '"it\'s"'],
    ['/0', TEXT.slice(6, TEXT.indexOf('\n---')), undefined],
    ['/1/spec/alias', 'plain', 'alias'],
    ['/1/spec/merged', '1', 'merged'],
    ['/1/spec/list', '- {k: v}\n    - - deep', 'list'],
    ['/1/spec/list/0', '{k: v}', undefined],
    ['/1/spec/list/0/k', 'v', 'k'],
    ['/1/spec/list/1/0', 'deep', undefined],
    ['/1/spec/block', '|\n    one\n    two', 'block'],
    ['/1/spec/a~1b~0c', 'end', 'a/b~c'],
    ['/1/alone', '{name}', 'alone'],
    ['/1/alone/name', '', 'name'],
  ])('stands at %s', (pointer, value, name) => {
    expect(shown(document.locate(pointer))).toBe(value);
    if (name === undefined) expect(() => document.locateName(pointer)).toThrow(RangeError);
    else expect(shown(document.locateName(pointer))).toBe(name);
  });

  test.each([
    ['/0/base/connection.password', 2, 8, 'secret'],
    ["/0/base/it's", 3, 5, "''t"],
    ['/1/spec/alias', 0, 2, 'pl'],
    ['/1/spec/block', 2, 5, 'e\n    t'],
    ['/1/spec/block', 4, 8, 'two\n'],
  ])('stands in part at %s %d-%d', (pointer, start, end, part) => {
    expect(shown(document.locate(pointer, start, end))).toBe(part);
  });

  test.each(['', '/2', '/0/nothing', '/1/spec/list/2', '/1/x/y', '/1/spec/<<'])(
    'stands nowhere at %j',
    (pointer) => {
      expect(() => document.locate(pointer)).toThrow(RangeError);
    },
  );

  test('has no places outside of its text', () => {
    expect(() => document.locate('/1/x', 0, 6)).toThrow(RangeError);
    expect(() => document.locate('/1/spec/block', 0, 9)).toThrow(RangeError);
  });
});

describe('a problem', () => {
  test.each([
    ['a: 1\na: 2', ['duplicate-key @ 5 "a": "a" stands in this map already (0)']],
    [
      'a: 1\n"\\x61": 2\n\'a\': 3',
      [
        'duplicate-key @ 5 "\\"\\\\x61\\"": "a" stands in this map already (0)',
        'duplicate-key @ 15 "\'a\'": "a" stands in this map already (0)',
      ],
    ],
    [
      '{hunter2, hunter2}',
      ['duplicate-key @ 10 "hunter2": this name stands in this map already (1)'],
    ],
    ['a: *b', ['parse-error @ 3 "*b": no anchor of this name stands in front of the alias']],
    [
      'a: &a [*a]',
      ['parse-error @ 7 "*a": the alias stands inside of what it repeats: its value has no end'],
    ],
    ['<<: 1', ['parse-error @ 4 "1": the merge key \'<<\' takes a map, or a list of maps']],
    ['a: {{ b }}', ['parse-error @ 4 "{ b }": a list or a map stands where a name belongs']],
    [
      'a: "\u0007"',
      [
        'parse-error @ 4 "\\u0007": a control character (U+0007) stands here, which YAML does not take',
      ],
    ],
  ])('of %j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  /** A text that is wrong in the way of each of the library's errors, and a part of what is told. */
  const FAULTS: readonly (readonly [text: string, told: string])[] = [
    ['a: hunter2: b', "a ':' with a blank behind it stands in a value"],
    ['a: b\n hunter2: c', "a ':' with a blank behind it stands in a value"],
    ['a:\n  b: hunter2\n c: d', 'does not begin in the column'],
    ['a:\n  - hunter2\n b', 'column'],
    ['\ta: hunter2', 'a tab stands in the indentation'],
    ['a: "hunter2', "the string is not closed: its '\"' is missing"],
    ['a: "hunter2\\"', "the string is not closed: its '\"' is missing"],
    ["a: 'hunter2''", "the string is not closed: its ' is missing"],
    ["a: 'hunter2", "the string is not closed: its ' is missing"],
    ['a: "hunter2\\q"', 'begins an escape that YAML does not know'],
    ['a: "\\xhunter2"', 'begins an escape that YAML does not know'],
    ['a: @hunter2', 'begins with a sign that means something'],
    ['a: `hunter2`', 'begins with a sign that means something'],
    ['a: %hunter2', 'begins with a sign that means something'],
    ['a: "hunter2" b', 'complete before this'],
    ['a: {b: hunter2', "a '}' is missing"],
    ['a: [hunter2', "a ']' is missing"],
    ['{b: hunter2', "a '}' is missing"],
    ['[hunter2', "a ']' is missing"],
    ['a: [hunter2 b: c, d}', 'missing'],
    ['a: - hunter2', 'a list begins on the line of its name'],
    ['a: |hunter2\n  b', "behind '|' or '>'"],
    ['a: |\n    \n  hunter2', 'an empty line in front of the text'],
    ['a: |2\n    b\n hunter2: c', 'column'],
    ['hunter2\na: b', 'over several lines'],
    ['a: b\nhunter2', "a ':' with a blank behind it is missing"],
    ['- a\nhunter2: b', 'this line belongs neither'],
    ['- a\nhunter2', 'this line belongs neither'],
    ['a: &x *hunter2', 'neither a tag nor an anchor'],
    ['a: &x &hunter2 b', 'one anchor only'],
    ['a: !x !hunter2 b', 'one tag only'],
    ['a: & hunter2', 'the name of an anchor is missing'],
    ['a: !e!x hunter2', 'this is no tag'],
    ['%YAML hunter2\n---\na: b', "begins with '%'"],
    ['%YAML 1.2\na: hunter2', "a line '---' is missing"],
    ['--- a: hunter2\nb: c', "may stand behind '---'"],
    ['a: ]hunter2', 'bracket closes none'],
    ['a: [hunter2, , b]', "a ',' stands where a value belongs"],
    ['{a: "b"hunter2}', 'complete before this'],
    [`? a\n: b\n${'hunter2'.repeat(200)}: c`, 'longer than 1024'],
    ['a: "b"#hunter2', "a blank is missing in front of the '#'"],
  ];
  test.each(FAULTS)('of %j is told without the text', (text, told) => {
    const { problems, roots } = parseYaml(text);
    expect(problems.map(({ text: what }) => what)).toEqual([expect.stringContaining(told)]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(roots).toEqual([]);
  });

  test('of one document leaves the others', () => {
    const { roots, problems } = parseYaml('a: 1\n---\nb: @\n---\nc: 3\n');
    expect(roots).toEqual([
      { pointer: '/0', value: { a: 1 } },
      { pointer: '/2', value: { c: 3 } },
    ]);
    expect(problems).toHaveLength(1);
  });
});

describe('what a report may not show', () => {
  test.each([
    ['k: v # why', 'k: * #****'],
    ['k: "a b" #', 'k: "***" #'],
    ["k: 'it''s'", "k: '*****'"],
    ['k: 12\nl: true\nm: ~\nn: -1.5', 'k: **\nl: true\nm: ~\nn: ****'],
    ['k: |\n  ab\n  cd\n', 'k: |\n  **\n  **\n'],
    ['k: >- # why\n  ab\n\n   cd', 'k: >- #****\n  **\n\n  ***'],
    ['k: ab\n  cd', 'k: **\n  **'],
    ['k: "ab\\\n  cd"', 'k: "**\\\n  **"'],
    ['{hunter2}', '{*******}'],
    ['{a: b, hunter2, c: [d]}', '{a: *, *******, c: [*]}'],
    ['? hunter2', '? *******'],
    ['[hunter2]: b', '************'],
    ['k: &a hunter2\nl: *a', 'k: &a *******\nl: *a'],
    ['k: &a hunter2', 'k: ** *******'],
    ['k: !t &b hunter2\nl: !!str hunter2', 'k: ** ** *******\nl: !!str *******'],
    ['k: !t "hunter2"\nl: [&a 1]', 'k: !t "*******"\nl: [** *]'],
    ['k: a: hunter2\nl: b', 'k: ***************'],
    ['k: 1\nl: {a: hunter2', 'k: *\nl: ***********'],
    ['k: 1\nl: "hunter2', 'k: *\nl: ********'],
    ['a: 1\n---\nb: @hunter2\n---\nc: 3', 'a: *\n---\nb: *****************'],
    [`a: 1\n---\n{b: hunter2, c: ${'['.repeat(MAX_DEPTH)}`, `a: *\n${'*'.repeat(MAX_DEPTH + 20)}`],
  ])('of %j', (text, shown) => {
    let hidden = '';
    let from = 0;
    for (const { start, end } of parseYaml(text).texts()) {
      hidden += text.slice(from, start) + '*'.repeat(end - start);
      from = end;
    }
    expect(hidden + text.slice(from)).toBe(shown);
  });
});

describe('a hostile text', () => {
  const levels = Array.from({ length: 40 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x, x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
  );
  test.each([
    [
      'aliases of a long text',
      `a: &a ${'x'.repeat(100_000)}\n${Array.from({ length: 50 }, (_, at) => `k${at}: *a\n`).join('')}`,
      `repeat more than ${MAX_REPEATED_TEXT} characters`,
    ],
    [
      'aliases of maps with a long text',
      `a: &a {b: &b {c: ${'x'.repeat(50_000)}}, d: *b}\n${Array.from({ length: 50 }, (_, at) => `k${at}: {<<: *a}\n`).join('')}`,
      `repeat more than ${MAX_REPEATED_TEXT} characters`,
    ],
    ['aliases of aliases', levels.join('\n'), `repeat more than ${MAX_REPEATED} values`],
    [
      'merges of merges',
      `a0: &a0 {k: v}\n${Array.from({ length: 40 }, (_, level) => `a${level + 1}: &a${level + 1} {<<: [*a${level}, *a${level}], k${level}: *a${level}}`).join('\n')}`,
      `repeat more than ${MAX_REPEATED} values`,
    ],
    [
      'a deep chain of aliases',
      `a0: &a0 x\n${Array.from({ length: 60 }, (_, level) => `a${level + 1}: &a${level + 1} [[[[[[[[[[*a${level}]]]]]]]]]]`).join('\n')}`,
      `deeper than ${MAX_DEPTH} levels`,
    ],
    ['10,000 brackets', '['.repeat(10_000), `deeper than ${MAX_DEPTH} levels`],
    [
      '10,000 braces',
      '{a: '.repeat(10_000) + '}'.repeat(10_000),
      `deeper than ${MAX_DEPTH} levels`,
    ],
    ['10,000 lists', `${'- '.repeat(10_000)}a\nb`, `deeper than ${MAX_DEPTH} levels`],
    [
      '10,000 maps',
      Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      `deeper than ${MAX_DEPTH} levels`,
    ],
    ['10,000 questions', '? '.repeat(10_000), `deeper than ${MAX_DEPTH} levels`],
  ])('of %s gives one sentence', (_what, text, told) => {
    const document = parseYaml(text);
    expect(document.problems.map(({ text: what }) => what)).toEqual([
      expect.stringContaining(told),
    ]);
    expect(document.texts().length).toBeGreaterThan(0);
  });

  test.each([
    ['150,000 names', (index: number) => `k${index}: v\n`],
    ['150,000 repeated names', () => 'k: v\n'],
    ['150,000 entries', () => '- v\n'],
    ['150,000 documents', () => '---\n'],
    ['150,000 faults', () => '"'],
    ['150,000 lines of a block', (index: number) => (index === 0 ? 'k: |\n' : ' v\n')],
    ['150,000 merged maps', (index: number) => (index === 0 ? '<<:\n' : '- {}\n')],
    ['150,000 brackets', () => '[]\n'],
  ])(
    'of %s is read',
    (_what, line) => {
      const text = Array.from({ length: 150_000 }, (_, index) => line(index)).join('');
      const document = parseYaml(text);
      expect(() => document.texts()).not.toThrow();
    },
    60_000,
  );

  test('that nests as deep as is taken is read', () => {
    const depth = MAX_DEPTH - 2;
    const { problems, roots } = parseYaml(`${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(problems).toEqual([]);
    expect(roots).toHaveLength(1);
  });

  test.each([
    ['a tag whose text stands in the anchor too', '!\r&!<', ['!', '&!<']],
    ['a tag whose text stands in a comment too', '! # x!<\r\n  &k: ', [' x!<', '&k:']],
    ['an anchor whose text stands in the tag too', '&a !x&a', ['&a', '!x&a']],
  ])('%s is hidden at its own place', (_, text, hidden) => {
    const texts = parseYaml(text).texts();
    expect(texts.map(({ start, end }) => text.slice(start, end))).toEqual(hidden);
  });

  test.each([
    ['a merge key without a value', 'a: &a\n  b: c\nd:\n  <<: '],
    ['a name that is nothing, twice', '? \n? '],
  ])('%s at the end of a text is told inside of it', (_, text) => {
    const { problems } = parseYaml(text);
    expect(problems).toHaveLength(1);
    for (const { start, end } of problems) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });

  test('never throws, and every part that is hidden lies behind the one before', () => {
    const piece = fc.constantFrom(
      ...[
        'k: ',
        'a',
        'b c',
        ' ',
        '  ',
        '\t',
        '\n',
        '\n  ',
        '\n    ',
        '\r\n  ',
        '\r',
        '\n\n  ',
        '\0',
      ],
      ...[
        '"',
        "'",
        "''",
        '\\n',
        '\\"',
        '\\\n',
        '\\x41',
        '\\U99999999',
        '<<: ',
        '*a',
        '&a ',
        '&',
        '*',
      ],
      ...[
        '|',
        '>',
        '|-',
        '>+',
        '|2',
        '- ',
        '? ',
        '#',
        ' # x',
        '{',
        '}',
        '[',
        ']',
        ',',
        '\u2028',
        '\ud83d',
      ],
      ...[
        '!!str ',
        '!!int ',
        '!',
        '!<',
        '...\n',
        '---\n',
        '%YAML 1.1\n',
        '%',
        ':',
        '{{ x }}',
        '__proto__: ',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const document = parseYaml(text);
        for (const { start, end } of document.problems) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
        }
        let from = 0;
        for (const { start, end, decoded } of document.texts()) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          from = end;
          if (decoded === undefined) continue;
          for (let at = 0; at <= decoded.value.length; at += 1) {
            const place = decoded.offset(at);
            expect(place >= start && place <= end).toBe(true);
          }
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
