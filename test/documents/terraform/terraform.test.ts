import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import type { Place } from '../../../src/documents/position.ts';
import { looksLikeTerraform } from '../../../src/documents/terraform/recognise.ts';
import { parseTerraform, type ResourceValue } from '../../../src/documents/terraform/terraform.ts';
import { UNKNOWN } from '../../../src/documents/unknown.ts';
import { describeHostile } from '../hostile.ts';
import { leavesOf } from '../laws.ts';
import { expectParts, expectPuts } from './laws.ts';
import { resource, terraformText } from './texts.ts';

/** Problems as `kind @ part: text`. */
function problemsOf(text: string): string[] {
  return parseTerraform(text).problems.map(
    ({ kind, start, end, text: what, earlier }) =>
      `${kind} @ ${JSON.stringify(text.slice(start, end))}: ${what}${earlier === undefined ? '' : ` (${earlier})`}`,
  );
}

describe('a problem of a file', () => {
  test.each([
    [
      'a text over two lines',
      resource(' a = "x\n"'),
      `parse-error @ "\\"": the text is not closed on its line: its '"' is missing`,
    ],
    [
      'an escape that is none',
      resource(' a = "\\${x}"'),
      'parse-error @ "\\\\$": a backslash in the text begins an escape that Terraform does not know',
    ],
    [
      'single quotes',
      resource(" a = 'x'"),
      `parse-error @ "'": a text stands in double quotes, not in single ones: Terraform knows no '`,
    ],
    [
      'a heredoc that is not closed',
      resource(' a = <<EOT\nx'),
      'parse-error @ "<<": the text that begins here is not closed: its end mark must stand alone on a line, with a line break behind it',
    ],
    [
      'a comment that is not closed',
      '/* x',
      'parse-error @ "/*": the comment is not closed: its \'*/\' is missing',
    ],
    [
      'a bracket that is not closed',
      'resource "a" "b" {\n',
      'parse-error @ "{": the file ends too early: a \'}\' is missing (17)',
    ],
    [
      'a bracket that closes nothing',
      'locals {\n}\n}\n',
      'parse-error @ "}": nothing is open that this \'}\' could close',
    ],
    [
      'a wrong bracket',
      resource(' a = [ }'),
      "parse-error @ \"}\": a ']' is missing in front of this '}' (46)",
    ],
    [
      'a quote in a text',
      resource(' a = "user="app""'),
      `parse-error @ "app": an operator or a line break is missing in front of this, or a '"' inside a text is not written \\"`,
    ],
    [
      'a member without a value',
      resource(' a = { "b" }'),
      'parse-error @ "\\"": a \'=\' is missing between the name of a setting and its value',
    ],
    [
      'two members on a line',
      resource(' a = { b = "c" d = "e" }'),
      `parse-error @ "d": an operator or a line break is missing in front of this, or a '"' inside a text is not written \\"`,
    ],
    [
      'an argument without a value',
      resource(' a ='),
      'parse-error @ "=": a value is missing behind this',
    ],
    [
      'an argument that is given twice',
      resource(' a = 1\n a = 2'),
      'parse-error @ "a": an argument of that name stands in this block already',
    ],
    [
      'a block without a bracket',
      'resource "a" "b"\n{\n}\n',
      'parse-error @ "resource": behind the name of a block its \'{\' is expected, on the same line',
    ],
    [
      'a setting that is repeated',
      resource(' config = {\n  "a" = 1\n  a = 2\n }'),
      'duplicate-key @ "a": "a" stands in this object already (55)',
    ],
  ])('%s', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('is none in a file without connectors, whatever else stands in it', () => {
    const text =
      'resource "aws_db_instance" "x" {\n  password = "hunter2"\n  tags = { a = 1\n a = 2 }\n}\n';
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('a value', () => {
  const text = resource(
    ' name = "orders"\n config = {\n  "p" = "é$${secret:orders:p}\\t\\U0001F600!"\n  h = <<-EOT\n     a\n     $${b}\n   EOT\n  n = 12\n }',
  );
  const document = parseTerraform(text);
  const slice = ({ start, end }: Place) => text.slice(start, end);

  test('is located with its parts, through escapes and heredocs', () => {
    expect(slice(document.locate('/0/type'))).toBe('"kafka-connect_connector"');
    expect(slice(document.locate('/0/type', 0, 5))).toBe('kafka');
    expect(slice(document.locateName('/0/body/config/p'))).toBe('"p"');
    expect(slice(document.locate('/0/body/config/p'))).toBe(
      '"é$${secret:orders:p}\\t\\U0001F600!"',
    );
    expect(slice(document.locate('/0/body/config/p', 1, 19))).toBe('$${secret:orders:p}');
    expect(slice(document.locate('/0/body/config/p', 19, 20))).toBe('\\t');
    expect(slice(document.locate('/0/body/config/p', 20, 22))).toBe('\\U0001F600');
    expect(slice(document.locate('/0/body/config/h', 2, 5))).toBe('$${b');
    expect(slice(document.locate('/0/body/config/n', 1, 2))).toBe('2');
    expect(slice(document.locate('/0/body'))).toBe(text.trimEnd());
    expect(() => document.locate('/0/body/x')).toThrow(RangeError);
    expect(() => document.locate('/0/body/config/p', 0, 99)).toThrow(RangeError);
  });

  test.each([
    ['"x y"', { start: 2, end: 3, text: '${secret:o:"p}' }, '"x $${secret:o:\\"p}"'],
    ['"a$x"', { start: 2, end: 3, text: '{' }, '"a$${"'],
    ['"a${var.x}"', { start: 0, end: 1, text: 'b$' }, '"b${"$"}${var.x}"'],
    ['"a${var.x}b"', { start: 14, end: 15, text: '%{c}\n' }, '"a${var.x}%%{c}\\n"'],
    ['<<EOT\nx\ny\nEOT', { start: 2, end: 3, text: '"${z}"' }, '<<EOT\nx\n"$${z}"\nEOT'],
    ['<<-EOT\n  x\n  y\n  EOT', { start: 0, end: 1, text: ' z' }, '<<-EOT\n   z\n  y\n  EOT'],
    ['<<-EOT\n  x\n  EOT', { start: 0, end: 1, text: ' z' }, '" z\\n"'],
    ['<<EOT\nx\nEOT', { start: 0, end: 1, text: 'EOT' }, '"EOT\\n"'],
    ['12', { start: 0, end: 1, text: '3' }, '"32"'],
  ])('%j with a part replaced by %j', (value, part, expected) => {
    const before = resource(` a = ${value}`);
    const edits = parseTerraform(before).replace('/0/body/a', [part]);
    expect(applyEdits(before, edits)).toBe(resource(` a = ${expected}`));
  });

  test('is told to be misread where Terraform would take the reference for its own', () => {
    const before = resource(' a = "x ${secret:o:p} $${secret:o:q} ${file:/a//b:c}"');
    const read = parseTerraform(before);
    const value = 'x ${secret:o:p} ${secret:o:q} ${file:/a//b:c}';
    expect(leavesOf(read).at(-1)?.value).toBe(value);
    const edits = [2, 16, 30].flatMap((at) => read.misread?.('/0/body/a', at)?.edits ?? []);
    expect(applyEdits(before, edits)).toBe(
      resource(' a = "x $${secret:o:p} $${secret:o:q} $${file:/a//b:c}"'),
    );
  });
});

test('a word that means nothing is unknown, whatever it is called', () => {
  const { roots } = parseTerraform(resource(' a = constructor\n b = toString\n __proto__ = true'));
  const body = (roots[0]?.value as ResourceValue | undefined)?.body ?? {};
  expect(Object.entries(body)).toEqual([
    ['a', UNKNOWN],
    ['b', UNKNOWN],
    ['__proto__', true],
  ]);
});

test('texts, comments, numbers and words without quotes are hidden, names are not', () => {
  const text = [
    '# canary',
    'resource "confluent_connector" "orders" { // canary',
    '  config_sensitive = {',
    '    "connection.password" = "canary"',
    '    pin : 4711',
    '    other = canary /* canary */',
    '    more = <<EOT',
    'canary',
    'EOT',
    '  }',
    '}',
    'locals { "canary" }',
    '',
  ].join('\n');
  const hidden = parseTerraform(text)
    .texts()
    .toReversed()
    .reduce((it, { start, end }) => it.slice(0, start) + it.slice(end), text);
  expect(hidden).not.toContain('canary');
  expect(hidden).not.toContain('4711');
  for (const name of ['"confluent_connector"', '"orders"', '"connection.password"', 'other', 'pin'])
    expect(hidden).toContain(name);
});

test('a comment in a text is told with the text, not once more', () => {
  const text = resource(' a = "x${f( # canary\n)}y" # other');
  const told = parseTerraform(text).texts();
  expect(told.map(({ start, end }) => text.slice(start, end))).toEqual([
    'x${f( # canary\n)}y',
    ' other',
  ]);
});

test('nothing behind a text that does not end is shown', () => {
  const text = resource(' a = "x"\n b = "user \\q canary"\n c = canary');
  for (const broken of [text, text.replace('\\q', '${'), text.replace(' canary"', '\ncanary')]) {
    const document = parseTerraform(broken);
    expect(document.problems).toHaveLength(1);
    const covered = document.texts().at(-1);
    expect(broken.indexOf('user')).toBeGreaterThanOrEqual(covered?.start ?? Infinity);
    expect(covered?.end).toBe(broken.length);
  }
});

test('comments are told without their signs', () => {
  const text = '# one\r\n// two\n/* three */ locals {\n}\n';
  expect(parseTerraform(text).comments.map((it) => it.text)).toEqual([' one', ' two', ' three ']);
});

describe('of random texts', () => {
  const read = (text: string) => parseTerraform(text);

  test('each part of a value stands where it is located', () => {
    expectParts(read, terraformText, (part, { text, place, whole }) => {
      if (text.startsWith('"', whole.start))
        expect(decoded(text.slice(place.start, place.end))).toBe(part);
      else expect(place.end).toBeLessThanOrEqual(whole.end);
    });
  });

  test('what is put in place of parts, or of the whole value, is read again', () => {
    expectPuts(read, terraformText, ['\n', 'EOT\n', 'é']);
  });
});

/** What Terraform reads of a part of a text in quotes. */
function decoded(raw: string): unknown {
  return leavesOf(parseTerraform(resource(` a = "X${raw}"`)))
    .find(({ pointer }) => pointer === '/0/body/a')
    ?.value.slice(1);
}

describe('a text', () => {
  test.each([
    ['resource "kafka-connect_connector" "a" {\n}\n', true],
    ['\uFEFF# remark\n\n// more\r\n/* and\nmore */ terraform {\n}\n', true],
    ['variable "password" {}', true],
    ['name=orders\nconnector.class=X', false],
    ['resource: x', false],
    ['import { readFile } from "fs";', true],
    ['{"resource": {}}', false],
    ['/* open', false],
    ['', false],
  ])('%j is taken for a Terraform file: %j', (text, expected) => {
    expect(looksLikeTerraform(text)).toBe(expected);
  });
});

const HEAD = 'resource "kafka-connect_connector" "x" {\n';

describeHostile(parseTerraform, looksLikeTerraform, [
  ['line breaks', '\n'],
  ['comments', '#\n'],
  ['comment signs', '/*'],
  ['quotes', '"'],
  ['open expressions', '"${'],
  ['open references', '${a:', `${HEAD}a = "`],
  ['dollar signs', '$', `${HEAD}a = "`],
  ['dollar signs in a heredoc', '$a', `${HEAD}a = <<E\n`],
  ['lines of a heredoc', 'E \n', `${HEAD}a = <<EO\n`],
  ['open heredocs', '<<E\n${'],
  ['brackets', '['],
  ['blocks', 'a {\n'],
  ['objects', '{ a = ', `${HEAD}a = `],
  ['members', 'a = 1\n', `${HEAD}config = {\n`],
  ['arguments without a value', 'a = \n', HEAD],
  ['calls', 'sensitive(', `${HEAD}a = `],
  ['backslashes', '\\\\', `${HEAD}a = "`],
  ['blanks', ' '],
  ['words', 'a '],
  ['numbers', '1e', `${HEAD}a = `],
]);

test('nesting that is closed is read, however deep it is', () => {
  const depth = 20_000;
  const text = resource(` a = ${'{ b = '.repeat(depth)}1${' }'.repeat(depth)}`);
  expect(parseTerraform(text).problems).toEqual([]);
});
