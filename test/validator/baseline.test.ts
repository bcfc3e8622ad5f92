// A baseline as a text: what it has, and what it hides.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BaselineEntry,
  baselineText,
  entriesOf,
  parseBaseline,
  withoutKnown,
} from '../../src/validator/baseline.ts';
import type { FileReport } from '../../src/validator/diagnostic.ts';
import { validate } from '../../src/validator/validate.ts';

const file = 'connectors/orders.json';
const config = (...settings: string[]) =>
  `{"name":"orders","config":{"connector.class":"X",${settings.join(',')}}}`;

async function reportOf(text: string): Promise<FileReport> {
  const [report] = await validate([{ file, text }]);
  if (report === undefined) throw new Error('no report');
  return report;
}

const printsOf = (report: FileReport) =>
  new Set(entriesOf(report, file).map(({ fingerprint }) => fingerprint));

describe('what a baseline hides', () => {
  test('is what it has, also where lines and values are others now', async () => {
    const before = await reportOf(config('"a":"${secret:payments:p}"', '"b":"${vault:x:y}"'));
    const now = await reportOf(
      config('\n\n"new":"x"', '"b":"${vault:x:z}"', '"a":"${secret:shipping:p}"'),
    );
    const left = withoutKnown(now, file, printsOf(before));
    expect(left.diagnostics).toEqual([]);
    expect(left.known).toBe(2);
  });

  test('is no new one, not even a second one like it', async () => {
    const before = await reportOf(config('"a":"${secret:payments:p}"'));
    const now = await reportOf(
      config('"a":"${secret:payments:p} ${secret:payments:q}"', '"c":"${secret:payments:p}"'),
    );
    const left = withoutKnown(now, file, printsOf(before));
    expect(left.diagnostics.map(({ setting, column }) => [setting, column])).toEqual([
      ['a', expect.any(Number)],
      ['c', expect.any(Number)],
    ]);
    expect(left.known).toBe(1);
  });

  test('is no finding of another file', async () => {
    const report = await reportOf(config('"a":"${secret:payments:p}"'));
    expect(withoutKnown(report, 'other.json', printsOf(report))).toBe(report);
  });

  test('is never that a file cannot be read, whatever stands in it', async () => {
    const report = await reportOf('{"name": "orders", "config": {');
    const all = new Set(
      entriesOf({ ...report, diagnostics: [] }, file).map((it) => it.fingerprint),
    );
    expect(entriesOf(report, file)).toEqual([]);
    const { fingerprints } = await import('../../src/validator/fingerprint.ts');
    for (const print of fingerprints(report)) all.add(print);
    expect(withoutKnown(report, file, all).diagnostics).toHaveLength(1);
  });
});

const entry: fc.Arbitrary<BaselineEntry> = fc.record(
  {
    file: fc.string(),
    rule: fc.constantFrom('missing-key', 'missing-path'),
    connector: fc.string({ unit: 'binary' }),
    setting: fc.string({ unit: 'binary' }),
    fingerprint: fc.stringMatching(/^[0-9a-f]{32}$/),
  },
  { requiredKeys: ['file', 'rule', 'fingerprint'] },
);

test('a baseline is read as it was written, whatever the order in which it was found', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const text = baselineText(entries);
      expect(baselineText(entries.toReversed())).toBe(text);
      expect(baselineText(parseBaseline(text) ?? [])).toBe(text);
      expect(text.split('\n')).toHaveLength(entries.length === 0 ? 5 : entries.length + 6);
    }),
  );
});

test('it holds names and a fingerprint, and no value', async () => {
  const text = config('"connection.password":"hunter2 ${secret:payments:p}"');
  expect(baselineText(entriesOf(await reportOf(text), file))).toMatch(
    /^\{\n {2}"secretreg-baseline": 1,\n {2}"findings": \[\n {4}\{"file":"connectors\/orders.json","rule":"path-is-not-connector","connector":"orders","setting":"connection.password","fingerprint":"[0-9a-f]{32}"\}\n {2}\]\n\}\n$/,
  );
});

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"findings": []}',
  '{"secretreg-baseline": 2, "findings": []}',
  '{"secretreg-baseline": 1, "findings": {}}',
  '{"secretreg-baseline": 1, "findings": [{"file": "a", "rule": "b"}]}',
  '{"secretreg-baseline": 1, "findings": [{"file": "a", "rule": "b", "fingerprint": 7}]}',
])('%s is no baseline', (text) => {
  expect(parseBaseline(text)).toBeUndefined();
});
