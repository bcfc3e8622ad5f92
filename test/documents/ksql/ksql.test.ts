import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { parseKsql } from '../../../src/documents/ksql/ksql.ts';
import { looksLikeKsql } from '../../../src/documents/ksql/recognise.ts';
import type { Place } from '../../../src/documents/position.ts';
import { readSource } from '../../../src/documents/read.ts';
import { describeHostile } from '../hostile.ts';
import { cuts, expectTextsInOrder, expectWritten, leavesOf, putsOf } from '../laws.ts';

const options = { holdsReference: (text: string) => text.includes('${secret:') };

/** Every connector as `name (unknown): settings`. */
async function connectorsOf(text: string): Promise<string[]> {
  const { connectors } = await readSource(text, options);
  return connectors.map(({ names, unknown, entries }) => {
    const what = Object.entries(unknown ?? {}).flatMap(([it, is]) => (is ? [it] : []));
    const called = names.map((it) => `${it.place} ${it.text}`).join(', ');
    return `${called} (${what.join(', ')}): ${entries.map(({ key, value }) => `${key}=${value}`).join(' ')}`;
  });
}

describe('the connectors of a script', () => {
  test.each([
    [
      'a name without quotes is in upper case',
      "create sink connector Orders with ('a'='b');",
      ['name ORDERS (): a=b'],
    ],
    [
      'quotes keep the case',
      "CREATE SOURCE CONNECTOR IF NOT EXISTS `a-``b` WITH ('a'='b');\nCREATE SINK CONNECTOR \"c.d\" WITH ('e'='f');",
      ['name a-`b (): a=b', 'name c.d (): e=f'],
    ],
    [
      'texts, numbers, words and variables',
      "CREATE SINK CONNECTOR a WITH ('p'='don''t ${secret:A:p}', \"tasks.max\" = 2, x = -1.50, `y`=true, 'z'=NULL, 'v' = ${v});",
      ["name A (): p=don't ${secret:A:p} tasks.max=2 X=-1.50 y=true z=null v=null"],
    ],
    [
      'other statements and comments between',
      "-- CREATE SINK CONNECTOR x WITH ('a'='b');\nSET 'a'='CREATE SINK CONNECTOR y'; /* ; */ CREATE STREAM s (a INT) WITH (b='c'); CREATE SINK CONNECTOR d WITH (\n--x\n'e'='f');",
      ['name D (): e=f'],
    ],
    [
      'a name and a class that variables give',
      "DEFINE n = 'x'; CREATE SINK CONNECTOR ${n} WITH ('connector.class'=${c}); CREATE SINK CONNECTOR `${n}-sink` WITH ('name' = 'a');",
      [' (name, settings): connector.class=null', 'config.name a (name): name=a'],
    ],
    ['none', 'CREATE STREAM a (b INT) WITH (c=1);', []],
  ])('%s', async (_what, text, connectors) => {
    expect(await connectorsOf(text)).toEqual(connectors);
  });
});

/** Problems as `kind @ part: text`. */
function problemsOf(text: string): string[] {
  return parseKsql(text).problems.map(
    ({ kind, start, end, text: what, earlier }) =>
      `${kind} @ ${JSON.stringify(text.slice(start, end))}: ${what}${earlier === undefined ? '' : ` (${earlier})`}`,
  );
}

describe('a problem of a script', () => {
  test.each([
    ["SET 'a", `parse-error @ "'": the text is not closed: its ' is missing`],
    [
      "CREATE SINK CONNECTOR `a WITH ('p'='x'); CREATE SINK CONNECTOR b` WITH ('c'='d');",
      'parse-error @ "`": the name is not closed: its ` is missing',
    ],
    [
      "CREATE SINK CONNECTOR a WITH ('c'='d', `p='x', `q`='y');",
      'parse-error @ "`": the name is not closed: its ` is missing',
    ],
    ['/* a', 'parse-error @ "/*": the comment is not closed: its \'*/\' is missing'],
    [
      "CREATE SINK CONNECTOR a-b WITH ('c'='d');",
      'parse-error @ "-": behind the name of the connector WITH is expected: a name with other signs than letters, digits and \'_\' stands in backticks',
    ],
    [
      "CREATE SINK CONNECTOR 2a WITH ('c'='d');",
      'parse-error @ "2a": a name that begins with a digit stands in backticks',
    ],
    [
      "CREATE SINK CONNECTOR WITH ('c'='d');",
      'parse-error @ "(": behind the name of the connector WITH is expected: a name with other signs than letters, digits and \'_\' stands in backticks',
    ],
    [
      "CREATE SINK CONNECTOR a WITH 'c'='d';",
      `parse-error @ "'c'": the settings are missing here: they stand in '(' and ')'`,
    ],
    [
      "CREATE SINK CONNECTOR a WITH ('c' 'd');",
      `parse-error @ "'d'": a '=' is missing between the name of a setting and its value`,
    ],
    [
      'CREATE SINK CONNECTOR a WITH (\'c\'="d");',
      'parse-error @ "\\"d\\"": a value is missing here: a text in single quotes, a number, TRUE, FALSE or NULL',
    ],
    [
      "CREATE SINK CONNECTOR a WITH ('c'='don't');",
      `parse-error @ "t": a ',' is missing in front of this, or a ' inside a text is not written ''`,
    ],
    [
      "CREATE SINK CONNECTOR a WITH ('c'='d' 'e'='f');",
      `parse-error @ "'e'": a ',' is missing in front of this, or a ' inside a text is not written ''`,
    ],
    ["CREATE SINK CONNECTOR a WITH ('c'='d',);", "parse-error @ \",\": a ',' stands before ')'"],
    [
      "CREATE SINK CONNECTOR a WITH ('c'='d')",
      'parse-error @ ")": a \';\' is missing behind the statement',
    ],
    [
      "SET 'a'='b' CREATE SINK CONNECTOR a WITH ('c'='d');",
      'parse-error @ "CREATE": a \';\' is missing behind the statement in front of this',
    ],
    [
      "CREATE SINK CONNECTOR a WITH ('c'='d', 'c'='e');",
      `duplicate-key @ "'c'": "c" stands in this statement already (30)`,
    ],
  ])('%s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('a value', () => {
  const text = "CREATE SINK CONNECTOR \"o\"\"p\" WITH ( 'a''b' = 'x''y\nz' , 'n' = 12 );";
  const document = parseKsql(text);
  const slice = ({ start, end }: Place) => text.slice(start, end);

  test('is located with its parts', () => {
    expect(slice(document.locate('/0/name'))).toBe('"o""p"');
    expect(slice(document.locateName("/0/with/a'b"))).toBe("'a''b'");
    expect(slice(document.locate("/0/with/a'b"))).toBe("'x''y\nz'");
    expect(slice(document.locate("/0/with/a'b", 1, 2))).toBe("''");
    expect(slice(document.locate("/0/with/a'b", 2, 5))).toBe('y\nz');
    expect(slice(document.locate('/0/with/n', 1, 2))).toBe('2');
    expect(slice(document.locate('/0/with'))).toBe("( 'a''b' = 'x''y\nz' , 'n' = 12 )");
    expect(() => document.locate('/1')).toThrow(RangeError);
  });

  test('is replaced in quotes', () => {
    const after = (edits: Parameters<typeof applyEdits>[1]) => applyEdits(text, edits);
    expect(after(document.replace("/0/with/a'b", [{ start: 2, end: 3, text: "''" }]))).toContain(
      "'x''''''\nz'",
    );
    expect(after([document.write('/0/with/n', "it's")])).toContain("'n' = 'it''s' )");
    expect(after(document.replace('/0/with/n', [{ start: 0, end: 1, text: '9' }]))).toContain(
      "'n' = '92' )",
    );
    expect(after([document.write('/0/name', 'new`')])).toContain('CONNECTOR `new``` WITH');
  });
});

test('texts, numbers and comments are hidden, names are not', () => {
  const text =
    "-- canary\nSET 'x'='canary'; /* canary */ CREATE SINK CONNECTOR `a` WITH ('name.of'='canary', \"b.c\" = 4711);";
  const hide = (script: string) =>
    parseKsql(script)
      .texts()
      .toReversed()
      .reduce((it, { start, end }) => it.slice(0, start) + it.slice(end), script);
  expect(hide(text)).toBe(
    "--\nSET ''=''; /* CREATE SINK CONNECTOR `a` WITH ('name.of'='', \"b.c\" = );",
  );
  expect(hide(`${text} SET 'a'='canary\ncanary`)).not.toContain('canary');
  expect(hide(text.replace("'canary', ", 'canary, '))).not.toContain('canary');
  const unclosed =
    "CREATE SINK CONNECTOR `a WITH ('b'='canary'); CREATE SINK CONNECTOR `c` WITH ('d'='x');";
  expect(hide(unclosed.replace('`c`', 'c`'))).not.toContain('canary');
  expect(hide("CREATE SINK CONNECTOR `a\ncanary` WITH ('d'='x');")).not.toContain('canary');
  expect(hide("CREATE SINK CONNECTOR `a b` WITH ('d'='x');")).toContain('`a b`');
});

test('comments are told without their signs', () => {
  const text = '-- one\r\n/* two */ SELECT 1;';
  expect(parseKsql(text).comments.map((it) => it.text)).toEqual([' one', ' two ']);
});

const PIECES = [
  ...["'", "'", "''", "'a'", "'b'='c'", "'d' = 'e''f',", '"', '`', '`g`', '(', ')', ',', '=', ';'],
  ...['CREATE SINK CONNECTOR ', 'a', ' WITH (', ' ', '\n', '--', '/*', '*/', '1', '-1.5', 'true'],
  ...['${v}', '${secret:a:b}', '$', 'é', '\u{1F600}', '__proto__', ');\n'],
];

const ksqlText = fc
  .tuple(fc.boolean(), fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }))
  .map(([isStatement, pieces]) =>
    isStatement
      ? `CREATE SOURCE CONNECTOR x WITH ('k'='v''w', 'l'='${pieces.join('').replaceAll("'", "''")}');`
      : pieces.join(''),
  );

describe('of random texts', () => {
  test('each part of a value stands where it is located', () => {
    fc.assert(
      fc.property(ksqlText, fc.nat(), fc.nat(), (text, one, two) => {
        const document = parseKsql(text);
        expectTextsInOrder(document);
        for (const { pointer, value } of leavesOf(document)) {
          const start = one % (value.length + 1);
          const end = start + (two % (value.length - start + 1));
          const { start: from, end: to } = document.locate(pointer, start, end);
          const raw = text.slice(from, to);
          if (pointer.includes('/with/'))
            expect(raw.replaceAll("''", "'")).toBe(value.slice(start, end));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('what is put in place of parts, or of the whole value, is read again', () => {
    const puts = putsOf("'", '`', '\n', '\\', 'a', '${', '\u{1F600}');
    fc.assert(
      fc.property(ksqlText, puts, cuts, (text, texts, at) => {
        const document = parseKsql(text);
        for (const leaf of leavesOf(document))
          expectWritten(parseKsql, document, leaf, { at, texts });
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a text', () => {
  test.each([
    ["CREATE SINK CONNECTOR a WITH ('b'='c');", true],
    ["\uFEFF-- remark\n\n/* more */ ;\n set 'a'='b';", true],
    ['create or replace stream a as select * from b;', true],
    ["DEFINE a = 'b';", true],
    ['---\nname: a', false],
    ['create: x', false],
    ['name=orders', false],
    ['/* open', false],
    ['', false],
  ])('%j is taken for a script of SQL: %j', (text, expected) => {
    expect(looksLikeKsql(text)).toBe(expected);
  });
});

const HEAD = "CREATE SINK CONNECTOR a WITH ('b'='";

describeHostile(parseKsql, looksLikeKsql, [
  ['quotes', "'"],
  ['double quotes', '"'],
  ['quotes in a text', "''", HEAD],
  ['comments', '--\n'],
  ['comment signs', '/*'],
  ['blanks', ' '],
  ['blanks behind a word', ' ', 'CREATE'],
  ['statements', "CREATE SINK CONNECTOR a WITH ('b'='c');"],
  ['settings', "c','b'='", HEAD],
  ['semicolons', ';'],
  ['digits', '1'],
  ['signs', '$'],
  ['words', 'a '],
]);
