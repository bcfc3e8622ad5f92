import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { parseJson } from '../../../src/documents/json.ts';
import type { Place } from '../../../src/documents/position.ts';
import { readSource } from '../../../src/documents/read.ts';
import { terraformOfJson } from '../../../src/documents/terraform/json.ts';
import { isTerraformJson } from '../../../src/documents/terraform/recognise.ts';
import { EXPRESSION } from '../../../src/documents/terraform/template.ts';
import { describeHostile } from '../hostile.ts';
import { cuts, leavesOf } from '../laws.ts';
import { expectParts, expectPuts } from './laws.ts';
import { terraformJson } from './texts.ts';

const read = (text: string) => terraformOfJson(parseJson(text));

/** `body` is JSON. */
function resource(body: string): string {
  return `{"resource": {"kafka-connect_connector": {"x": ${body}}}}`;
}

describe('a problem of a file', () => {
  test.each([
    [
      'an expression that is not closed',
      resource('{"a": "\\u0078\\ty ${var.x"}'),
      'parse-error @ "${": the expression that begins here is not closed: its \'}\' is missing (undefined)',
    ],
    [
      'a wrong bracket in an expression',
      resource('{"a": {"b": ["\\\\ ${f(}"]}}'),
      `parse-error @ "}": a ')' is missing in front of this '}' (undefined)`,
    ],
    [
      'a name that is no template',
      resource('{"config": {"a${": 1}}'),
      'parse-error @ "\\"a${\\"": the expression that begins here is not closed: its \'}\' is missing (undefined)',
    ],
    [
      'a setting that is repeated',
      resource('{"config": {"a": 1, "\\u0061": 2}}'),
      'duplicate-key @ "\\"\\\\u0061\\"": "a" stands in this object already (Terraform refuses the file)',
    ],
    [
      'a block that is repeated',
      '{"resource": {}, "resource": {}}',
      'duplicate-key @ "\\"resource\\"": "resource" stands in this object already (Terraform takes both, and what stands in the first one is not checked here)',
    ],
  ])('%s', (_what, text, problem) => {
    expect(
      read(text).problems.map(
        ({ kind, start, end, text: what, effect }) =>
          `${kind} @ ${JSON.stringify(text.slice(start, end))}: ${what} (${effect})`,
      ),
    ).toEqual([problem]);
  });

  test.each([
    [
      'the texts of other resources',
      '{"resource": {"aws_db_instance": {"x": {"password": "${"}}}}',
    ],
    ['a comment', resource('{"//": "was ${var.x", "name": "a"}')],
  ])('is none in %s', (_what, text) => {
    expect(read(text).problems).toEqual([]);
  });
});

describe('a value', () => {
  const text = resource(
    '{"name": "orders", "config": {"$${k}": "é\\"$\\u0024{secret:orders:p}\\t%%{!", "n": 12, "u": "x${var.y}z", "${var.n}": "v", "w": "${var.y}"}}',
  );
  const document = read(text);
  const slice = ({ start, end }: Place) => text.slice(start, end);

  test('is what Terraform makes of what JSON makes of it', () => {
    expect(leavesOf(document)).toEqual([
      { pointer: '/0/type', value: 'kafka-connect_connector' },
      { pointer: '/0/label', value: 'x' },
      { pointer: '/0/body/name', value: 'orders' },
      { pointer: '/0/body/config/${k}', value: 'é"${secret:orders:p}\t%{!' },
      { pointer: '/0/body/config/u', value: `x${EXPRESSION}z` },
    ]);
  });

  test('is located with its parts, through both kinds of escapes', () => {
    expect(slice(document.locate('/0/type'))).toBe('"kafka-connect_connector"');
    expect(slice(document.locate('/0/type', 0, 5))).toBe('kafka');
    expect(slice(document.locateName('/0/body/config/${k}'))).toBe('"$${k}"');
    expect(slice(document.locate('/0/body/config/${k}', 1, 2))).toBe('\\"');
    expect(slice(document.locate('/0/body/config/${k}', 2, 20))).toBe('$\\u0024{secret:orders:p}');
    expect(slice(document.locate('/0/body/config/${k}', 21, 23))).toBe('%%{');
    expect(slice(document.locate('/0/body/config/u', 1, 1 + EXPRESSION.length))).toBe('${var.y}');
    expect(slice(document.locate('/0/body/config/n'))).toBe('12');
    expect(document.locate('/0')).toEqual(document.locate('/0/body'));
    expect(() => document.locate('/0/body/config/n/x')).toThrow(RangeError);
    expect(() => document.locate('/0/body/config/u', 0, 99)).toThrow(RangeError);
  });

  test.each([
    ['"x y"', { start: 2, end: 3, text: '${secret:o:"p}' }, '"x $${secret:o:\\"p}"'],
    ['"a$x"', { start: 2, end: 3, text: '{' }, '"a$${"'],
    ['"a${var.x}b"', { start: 14, end: 15, text: '%{c}\n' }, '"a${var.x}%%{c}\\n"'],
    ['"<<EOT $${a}"', { start: 6, end: 8, text: '' }, '"<<EOT a}"'],
    ['"a${var.x}"', { start: 0, end: 1, text: 'b$' }, '"b${\\"$\\"}${var.x}"'],
    ['12', { start: 0, end: 2, text: '${a:b}' }, '"$${a:b}"'],
  ])('%s with %j is %s', (before, part, after) => {
    const file = resource(`{"a": ${before}}`);
    const it = read(file);
    const edits =
      before === '12' ? [it.write('/0/body/a', part.text)] : it.replace('/0/body/a', [part]);
    expect(applyEdits(file, edits)).toBe(resource(`{"a": ${after}}`));
  });

  test('with a reference that Terraform would take for its own is told, with what is to be written', () => {
    const file = resource('{"a": "\\t${secret:orders:p} $${secret:orders:q}"}');
    const it = read(file);
    const [first, second] = [it.misread?.('/0/body/a', 1), it.misread?.('/0/body/a', 20)];
    expect(first?.text).toMatch(/^Terraform takes '\$\{' for an expression of its own/);
    expect(applyEdits(file, first?.edits ?? [])).toContain('"\\t$${secret:orders:p} $$');
    expect(second).toBeUndefined();
  });
});

describe('a file in JSON describes what the same one in the own syntax of Terraform describes', () => {
  const options = { holdsReference: (it: string) => it.includes('${secret:') };
  const connectorsOf = async (text: string) => {
    const { connectors } = await readSource(text, options);
    return connectors.map(({ name, names, pointer, configPointer, unknown, entries }) => ({
      ...{ name, names, pointer, configPointer, unknown },
      entries: entries.map(({ key, value, pointer: own }) => ({ key, value, pointer: own })),
    }));
  };

  test.each([
    [
      'kafka-connect_connector',
      'resource "kafka-connect_connector" "a" {\n  name = "orders"\n  config = {\n    "connector.class" = "X"\n    "tasks.max" = 2\n  }\n  config_sensitive = {\n    p = "$${secret:orders:p}"\n  }\n}\n',
      '{"resource": {"kafka-connect_connector": {"a": {"name": "orders", "config": {"connector.class": "X", "tasks.max": 2}, "config_sensitive": {"p": "$${secret:orders:p}"}}}}}',
    ],
    [
      'confluent_connector',
      'resource "confluent_connector" "a" {\n  environment {\n    id = var.e\n  }\n  config_sensitive = {}\n  config_nonsensitive = { name = "orders", "connector.class" = "PostgresSink" }\n}\n',
      '{"resource": [{"confluent_connector": [{"a": [{"config_sensitive": {}, "environment": [{"id": "${var.e}"}], "config_nonsensitive": {"name": "orders", "connector.class": "PostgresSink"}}]}]}]}',
    ],
    [
      'aiven_kafka_connector, and others beside it',
      'locals {\n  base = { "connector.class" = "X" }\n}\nresource "aws_x" "y" {\n  config = { "connector.class" = "X" }\n}\nresource "aiven_kafka_connector" "a" {\n  connector_name = "a"\n  config = { name = "a" }\n}\nresource "aiven_kafka_connector" "b" {\n  connector_name = "${var.env}-b"\n  config = local.base\n}\n',
      '{"locals": {"base": {"connector.class": "X"}}, "resource": {"aws_x": {"y": {"config": {"connector.class": "X"}}}, "aiven_kafka_connector": [{"a": {"connector_name": "a", "config": {"name": "a"}}}, {"b": {"connector_name": "${var.env}-b", "config": "${local.base}"}}]}}',
    ],
    [
      'settings outside of resources',
      'variable "p" {\n  default = { "connector.class" = "X" }\n}\n',
      '{"//": "remark", "variable": {"p": {"default": {"connector.class": "X"}}}}',
    ],
    [
      'a body in a local, and none of a module',
      'locals {\n  a = { name = "orders", config = { "connector.class" = "X", p = "$${secret:a:b}" } }\n}\nmodule "m" {\n  name = "n"\n  config = { "connector.class" = "Y" }\n}\n',
      '{"locals": {"a": {"name": "orders", "config": {"connector.class": "X", "p": "$${secret:a:b}"}}}, "module": {"m": {"name": "n", "config": {"connector.class": "Y"}}}}',
    ],
    [
      'none',
      'variable "p" {\n  default = { "tasks.max" = "1" }\n}\n',
      '{"variable": {"p": {"default": {"tasks.max": "1"}}}}',
    ],
  ])('%s', async (_what, own, json) => {
    expect(await connectorsOf(json)).toEqual(await connectorsOf(own));
  });
});

describe('of random texts', () => {
  test('each part of a value stands where it is located', () => {
    expectParts(read, terraformJson, (part, { text, place }) => {
      const again = `"X${text.slice(place.start, place.end)}"`;
      expect(leafOf(resource(`{"a": ${again}}`), '/0/body/a')).toBe(`X${part}`);
    });
  });

  test('what is put in place of parts, or of the whole value, is read again', () => {
    expectPuts(read, terraformJson, ['\n', '<<', '\uFEFF']);
  });

  test('an edit leaves all that is not of its value as it stands', () => {
    fc.assert(
      fc.property(terraformJson, cuts, (text, [one = 0, two = 0]) => {
        const document = read(text);
        for (const { pointer, value } of leavesOf(document)) {
          if (!pointer.startsWith('/0/body')) continue;
          const [start = 0, end = 0] = [one, two]
            .map((cut) => cut % (value.length + 1))
            .sort((a, b) => a - b);
          const whole = document.locate(pointer);
          const edits = document.replace(pointer, [{ start, end, text: '${secret:"a:b}' }]);
          for (const { offset, length } of [...edits, document.write(pointer, '${x}')]) {
            expect(offset).toBeGreaterThanOrEqual(whole.start);
            expect(offset + length).toBeLessThanOrEqual(whole.end);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function leafOf(text: string, pointer: string): string | undefined {
  return leavesOf(read(text)).find((it) => it.pointer === pointer)?.value;
}

test('texts are hidden, but for the references in them, and names are not', () => {
  const text = resource('{"config": {"name": "canary $${secret:o:p} canary", "pin": 4711}}');
  const texts = read(text).texts();
  const decoded = texts.map((it) => it.decoded?.value ?? text.slice(it.start, it.end));
  expect(decoded).toEqual(['canary ${secret:o:p} canary', '4711']);
  const offset = texts[0]?.decoded?.offset(7) ?? 0;
  expect(text.slice(offset)).toMatch(/^\$\$\{secret/);
});

describe('a document', () => {
  test.each([
    ['{"resource": {"kafka-connect_connector": {"a": {}}}}', true],
    ['{"resource": [{"kafka-connect_connector": [{"a": [{}]}]}], "//": {"metadata": {}}}', true],
    ['[{"terraform": {"required_version": "1"}, "data": {}}, {"locals": {"a": 1}}]', true],
    ['{"variable": {"p": {}}, "output": {"o": {"value": "${var.p}"}}}', true],
    ['{"//": "x"}', false],
    ['{"data": [{"name": "orders", "config": {"connector.class": "X"}}]}', false],
    ['{"output": {"connector.class": "X"}}', false],
    ['{"resource": {"orders": {"connector.class": "X"}}}', false],
    ['{"resource": {"a": {"b": {}}}, "name": "orders"}', false],
    ['{"name": "orders", "config": {}}', false],
    ['[]', false],
    ['null', false],
  ])('%s is taken for one of Terraform: %j', (text, expected) => {
    expect(isTerraformJson(JSON.parse(text))).toBe(expected);
  });
});

const HEAD = '{"resource": {"kafka-connect_connector": {"x": {"a": ';

describeHostile(
  (text) => read(text.startsWith(HEAD) ? `${text}"}}}}` : text),
  (text) => isTerraformJson(parseJson(text).roots[0]?.value),
  [
    ['open expressions', '${', `${HEAD}"`],
    ['open references', '${a:', `${HEAD}"`],
    ['dollar signs', '$', `${HEAD}"`],
    ['dollar signs and letters', '$a', `${HEAD}"`],
    ['expressions', '${a}', `${HEAD}"`],
    ['escapes', '$${', `${HEAD}"`],
    ['heredocs in expressions', '${<<E\\n', `${HEAD}"`],
    ['escaped signs', '\\u0024', `${HEAD}"`],
    ['members', '","$${b}": "', `${HEAD}{"a": "`],
    ['lists', '['],
  ],
);
