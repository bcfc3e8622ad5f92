import { describe, expect, test } from 'vitest';
import { fingerprints } from '../../../src/validator/fingerprint.ts';
import { jsonReport } from '../../../src/validator/reports/json.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { cases } from './cases.ts';

interface Document {
  version: number;
  exitCode: number;
  counts: Record<string, number>;
  faults: object[];
  files: { file: string; path: string; findings: { fingerprint: string; fix?: object }[] }[];
}

const documentOf = async (name: keyof typeof cases) =>
  JSON.parse(jsonReport(await cases[name](), plainStyle)) as Document;

describe('the JSON report', () => {
  test('has every file, with or without findings', async () => {
    const { files, counts } = await documentOf('clean');
    expect(files.map(({ file, findings }) => [file, findings])).toEqual([
      ['connectors/orders.json', []],
      ['connectors/package.json', []],
    ]);
    expect(counts).toEqual({
      files: 2,
      connectors: 1,
      references: 1,
      notCompared: 0,
      errors: 0,
      warnings: 0,
      notes: 0,
    });
  });

  test('counts by severity, and knows each finding by its fingerprint', async () => {
    const { files, counts, exitCode } = await documentOf('severities');
    expect([counts['errors'], counts['warnings'], counts['notes'], exitCode]).toEqual([3, 1, 1, 1]);
    const { files: reports } = await cases.severities();
    expect(files.map(({ findings }) => findings.map(({ fingerprint }) => fingerprint))).toEqual(
      reports.map(fingerprints),
    );
  });

  test('tells a fix by regions of the file', async () => {
    const { files } = await documentOf('severities');
    expect(files[1]?.findings[0]?.fix).toEqual({
      what: "write 'secret'",
      edits: [
        { line: 1, column: 11, endLine: 1, endColumn: 18, text: 'secret' },
        { line: 2, column: 10, endLine: 2, endColumn: 17, text: 'secret' },
      ],
    });
  });

  test('tells what could not be read', async () => {
    const { faults, exitCode } = await documentOf('unreadable');
    expect([faults.length, exitCode]).toEqual([2, 3]);
  });
});
