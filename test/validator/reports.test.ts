import { describe, expect, test } from 'vitest';
import { type ReportFormat, reportFormats, reports } from '../../src/validator/reports/index.ts';
import { plainStyle, type Style } from '../../src/validator/reports/report.ts';
import { validate } from '../../src/validator/validate.ts';

const wrong = (value: string) =>
  `{"name":"orders","config":{"connector.class":"X","p":${JSON.stringify(value)}}}`;

async function reportOf(
  format: ReportFormat,
  texts: Record<string, string>,
  style: Style = plainStyle,
): Promise<string> {
  const files = await validate(Object.entries(texts).map(([file, text]) => ({ file, text })));
  return reports[format]({ files, existenceChecked: false }, style);
}

describe('the text report', () => {
  test('counts over all files, and leaves out what there is none of', async () => {
    const report = await reportOf('text', {
      'a.json': wrong('${secret:payments:p}'),
      'b.json': wrong('${secret:orders:p}'),
      'c.json': wrong('${vault:x:y} ${secret:x:y}'),
    });
    expect(report.trimEnd().split('\n').at(-1)).toBe(
      '2 errors and 1 warning in 2 of 3 files (3 connectors, 3 references); existence not checked',
    );
  });

  test('tells of fixes that wait for the next round', async () => {
    const value = (fixes: number) =>
      wrong(`${'x'.repeat(2 ** 20)} ${'$${secret:orders:p} '.repeat(fixes)}`);
    const told = async (fixes: number) => {
      const files = await validate([{ file: 'a.json', text: value(fixes) }]);
      const report = { files, existenceChecked: false, offersFix: true };
      return /--fix mends .*/.exec(reports.text(report, plainStyle))?.[0];
    };
    expect(await told(8)).toBe('--fix mends 8 of them');
    expect(await told(12)).toMatch(/^--fix mends at least [89] of them$/);
  });

  test('counts errors, warnings and notes', async () => {
    const report = await reportOf('text', {
      'a.json': wrong('${secret:payments:p} ${vault:x:y}'),
      'b.yaml': '{{ if .x }}\nkind: KafkaConnector\n{{ end }}\n',
    });
    expect(report.trimEnd().split('\n').at(-1)).toBe(
      '1 error, 1 warning and 1 note in 2 of 2 files (1 connector, 1 reference); existence not checked',
    );
  });

  test('says so where no file describes a connector', async () => {
    expect(await reportOf('text', { 'package.json': '{"name":"x"}' })).toBe(
      'no connector in 1 file\n',
    );
  });

  test('is coloured by the style that it is given', async () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const style = {
      bold: mark('b'),
      dim: mark('d'),
      red: mark('r'),
      yellow: mark('y'),
      cyan: mark('c'),
    };
    const report = await reportOf(
      'text',
      { 'a.json': wrong('${secret:payments:p} ${vault:x:y}') },
      style,
    );
    expect(report).toContain('<b>a.json:1:64:</b> <r>error:</r>');
    expect(report).toContain('<d>[path-is-not-connector]</d>');
    expect(report).toContain('<r>');
    expect(report).toContain('<y>warning:</y>');
    expect(report).toContain('<c>hint:</c> ${secret:orders:p}');
  });

  test.each([
    [
      'escape sequences in a setting',
      `{"name":"orders","config":{"tasks.max":1,"\\u001b[31m":"\${secret:x:y}"}}`,
    ],
    ['escape sequences in the file', '{"name": "orders" \u001b[2J}'],
    [
      'text-direction controls in a setting',
      `{"name":"orders","config":{"tasks.max":1,"a\u202eb":"\${secret:x:y}"}}`,
    ],
    [
      'text-direction controls in a name',
      `{"name":"or\u202eders","config":{"tasks.max":1,"a":"\${secret:x:y}"}}`,
    ],
  ])('does not hand %s to the terminal', async (_what, text) => {
    for (const format of reportFormats) {
      const report = await reportOf(format, { 'a\u001b[31m.json': text });
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(report).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  test.each([
    ['a key', 'a', '${secret:orders:x; rm -rf ~}', 'secretreg put orders KEY'],
    [
      'a connector',
      "a'; rm -rf ~ #",
      "${secret:a'; rm -rf ~ #:k}",
      "secretreg put 'a'\\''; rm -rf ~ #' KEY",
    ],
    [
      'a connector that begins like an option',
      '--help',
      '${secret:--help:k}',
      'secretreg put -- --help KEY',
    ],
  ])(
    'gives no command that does more than it says, whatever %s is called',
    async (_what, name, value, hint) => {
      const existence = { paths: () => [], keys: () => undefined };
      const text = JSON.stringify({
        name: name === 'a' ? 'orders' : name,
        config: { 'connector.class': 'X', p: value },
      });
      const [file] = await validate([{ file: 'a.json', text }], { existence });
      expect(file?.diagnostics.map((it) => it.hint)).toEqual([hint]);
    },
  );

  test.each([
    ['JSON', (value: string) => wrong(value)],
    [
      'YAML in quotes',
      (value: string) => `name: orders\nconfig:\n  connector.class: X\n  p: "${value}"\n`,
    ],
    [
      'YAML folded',
      (value: string) => `name: orders\nconfig:\n  connector.class: X\n  p: >-\n    ${value}\n`,
    ],
    [
      'YAML plain',
      (value: string) => `name: orders\nconfig:\n  connector.class: X\n  p: ${value}\n`,
    ],
    ['properties', (value: string) => `name=orders\nconnector.class=X\np=${value}\n`],
  ])('of ten thousand findings on one line is made in linear time: %s', async (_format, fileOf) => {
    const text = fileOf('${secret:payments:p} '.repeat(10_000).trimEnd());
    expect((await reportOf('text', { a: text })).match(/error:/g)).toHaveLength(10_000);
  });
});

test('a clean run gives no line of jsonl', async () => {
  expect(await reportOf('jsonl', { 'a.json': wrong('${secret:orders:p}') })).toBe('');
});

test('findings stand in the order of the files, and in each by their place', async () => {
  const files = await validate([
    { file: 'b.json', text: '{"name":"b","config":{"p":"${secret:x:y}","q":"${secret:z"}}' },
    { file: 'a.json', text: '{' },
  ]);
  const places = files.map(({ file, diagnostics }) => [
    file,
    ...diagnostics.map(({ rule, start }) => `${start} ${rule}`),
  ]);
  expect(places).toEqual([
    ['b.json', '21 missing-class', '36 path-is-not-connector', '47 malformed-reference'],
    ['a.json', '0 parse-error'],
  ]);
});

const secretOf = (json: string) => {
  const data = Buffer.from(`{"connector.class":"X","p":"hunter2",${json}}`).toString('base64');
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  c.json: ${data}\n`;
};
const IN_BASE64 = 'eyJjb25uZWN0b3';

test.each([
  ['unknown-provider', secretOf('"q":"${secrets:orders:p}"'), IN_BASE64],
  ['duplicate-key', secretOf('"q":1,"q":2'), IN_BASE64],
  ['dangerous-setting', secretOf('"config.providers":"env"'), IN_BASE64],
  ['not-ascii', 'name=orders\nconnector.class=X\np=пароль\n', '043F'],
])('what a finding writes anew or encodes is in no report: %s', async (rule, text, value) => {
  const made = await Promise.all(reportFormats.map((format) => reportOf(format, { x: text })));
  expect(made.join('')).toContain(`"rule": "${rule}"`);
  expect(made.filter((report) => report.includes(value))).toEqual([]);
});
