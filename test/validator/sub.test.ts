// References in texts that Sub of CloudFormation or Pulumi reads, and what stands outside of them in the same file.
import { describe, expect, test } from 'vitest';
import { cpuTime } from '../cpu-time.ts';
import { validator } from '../../src/validator/validate.ts';

const check = validator();

const stack = (value: string) =>
  `Type: AWS::KafkaConnect::Connector\nProperties:\n  ConnectorName: orders\n  ConnectorConfiguration:\n    connector.class: x.Y\n    p: ${value}\n`;

/** Each finding as `rule 'what is meant' hint`. */
async function findingsIn(text: string): Promise<string[]> {
  const { diagnostics } = await check({ file: 'a', text });
  return diagnostics.map(
    ({ rule, start, end, hint }) => `${rule} '${text.slice(start, end)}' ${hint}`,
  );
}

const WRONG_PATH = ["path-is-not-connector 'other' ${!secret:orders:p}"];
const NOT_ESCAPED = ["malformed-reference '${' ${!secret:orders:p}"];

describe('a text of Sub', () => {
  test.each<[what: string, value: string, findings: string[]]>([
    ['with its escape', '!Sub "${!secret:orders:p}"', []],
    ['without it', '!Sub "x${secret:orders:p}"', NOT_ESCAPED],
    ['with another path', '!Sub "x${!secret:other:p}"', WRONG_PATH],
    ['over two lines', '!Sub |\n      ${!secret:orders:p}\n      ${!secret:other:p}\n', WRONG_PATH],
    ['with variables', "!Sub ['${x}${!secret:other:p}', {x: '${!a}'}]", WRONG_PATH],
    ['behind an anchor', '!Sub &a "x${!secret:other:p}"', WRONG_PATH],
    ['by its long name', '{"Fn::Sub": "x${!secret:other:p}"}', WRONG_PATH],
    ['by its long name in a list', '{"Fn::Sub": ["x${secret:orders:p}", {}]}', NOT_ESCAPED],
    ['inside of another function', '!Join ["", [x, !Sub "${!secret:other:p}"]]', WRONG_PATH],
    ['with what is no reference', '!Sub "${AWS::Region}${a.b}${!c}"', []],
    ['and what only resembles it', '"${!secret:orders:p}"', []],
    [
      'with a reference that is broken too',
      '!Sub "${!secret:orders:p"',
      ["malformed-reference '${!secret:orders:p' ${!secret:orders:p}"],
    ],
  ])('%s', async (_what, value, findings) => {
    expect(await findingsIn(stack(value))).toEqual(findings);
  });

  test('is one in JSON too', async () => {
    const config = { 'connector.class': 'x.Y', p: { 'Fn::Sub': '"${!secret:other:p}"' } };
    const text = JSON.stringify({ ConnectorName: 'orders', ConnectorConfiguration: config });
    expect(await findingsIn(text)).toEqual(WRONG_PATH);
  });
});

describe('a text of Pulumi', () => {
  const program = (value: string) =>
    `resources:\n  a:\n    type: aws:mskconnect:Connector\n    properties:\n      name: orders\n      connectorConfiguration: {connector.class: x.Y, p: "${value}"}\n`;

  test.each<[what: string, text: string, findings: string[]]>([
    ['with its escape', program('$${secret:orders:p}'), []],
    [
      'with another path',
      program('x$${secret:other:p}'),
      ["path-is-not-connector 'other' $${secret:orders:p}"],
    ],
    [
      'without it',
      program('${db.host}${secret:orders:p}'),
      ["malformed-reference '${' $${secret:orders:p}"],
    ],
    ['with expressions', program('${pulumi.stack}${a[0].b}'), []],
    [
      'of a file that names its runtime',
      `runtime: {name: yaml}\n${program('${secret:orders:p}').replace('aws:mskconnect:Connector', 'x')}`,
      ["malformed-reference '${' $${secret:orders:p}"],
    ],
    [
      'is none in a file of another tool',
      program('${secret:orders:p}').replace('aws:mskconnect:Connector', 'OS::Kafka::Connector'),
      [],
    ],
  ])('%s', async (_what, text, findings) => {
    expect(await findingsIn(text)).toEqual(findings);
  });
});

describe('1 MiB or less', () => {
  test.each([
    ['of what only Sub could read', '"${!a:b:c}', 2 ** 20, 0],
    ['of references in a text of Sub', '!Sub "${!secret:a:b}', 2 ** 20, 0],
    // Each of them is a finding, which has its own price.
    ['of references that Sub would take', '!Sub "${secret:a:b}', 2 ** 16, 1],
    ['of references to others in a text of Sub', '!Sub "${!secret:b:c}', 2 ** 18, 1],
  ])('%s is judged in the time of reading it', async (_what, value, length, found) => {
    const [front = '', reference = ''] = value.split('"');
    const count = Math.floor(length / reference.length);
    const text = `name: a\nconfig:\n  connector.class: x.Y\n  p: ${front}"${reference.repeat(count)}"\n`;
    const begun = cpuTime();
    const { diagnostics } = await check({ file: 'a.yaml', text });
    expect(cpuTime() - begun).toBeLessThan(4000);
    expect(diagnostics).toHaveLength(found * count);
  });

  test('of texts of Sub that stand very deep is judged in the time of reading it', async () => {
    const [count, depth] = [30_000, 900];
    const texts = Array.from({ length: count }, () => ({ 'Fn::Sub': '${!secret:a:k}' }));
    const settings = JSON.stringify({ 'connector.class': 'x.Y', name: 'a', texts });
    const text = `${'{"a":'.repeat(depth)}${settings}${'}'.repeat(depth)}`;
    const begun = cpuTime();
    const report = await check({ file: 'a.json', text });
    expect(cpuTime() - begun).toBeLessThan(4000);
    expect([report.references, report.diagnostics.length]).toEqual([count, 0]);
  });
});
