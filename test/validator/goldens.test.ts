// Every case of fixtures/validate/: a file and what is said about it. UPDATE_GOLDENS=1 rewrites the answers;
// read them before you keep them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportFormats } from '../../src/validator/reports/index.ts';
import { goldenReport, type GoldenOptions, goldensFolder, inputOf } from './golden-report.ts';

const cases = readdirSync(goldensFolder).sort();

test('there are at least 70 cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(70);
});

describe('validating', () => {
  test.each(cases)('%s', async (name) => {
    compare(join(goldensFolder, name, 'expected.txt'), await goldenReport(name, 'text'));
    const jsonl = join(goldensFolder, name, 'expected.jsonl');
    if (existsSync(jsonl)) compare(jsonl, await goldenReport(name, 'jsonl'));
  });
});

test.each(cases)('%s shows no canary', async (name) => {
  const input = readFileSync(inputOf(name), 'utf8');
  const canaries = input.match(/canary\w*/gi) ?? [];
  for (const format of reportFormats) {
    const report = await goldenReport(name, format);
    for (const canary of canaries) expect(report).not.toContain(canary);
  }
});

test('options of a case are spelt right', () => {
  const known: Record<Exclude<keyof GoldenOptions, 'onFindings' | 'inlineIgnores'>, true> = {
    providerNames: true,
    knownProviders: true,
    workerProviders: true,
    allProviders: true,
    needsNames: true,
    connectorName: true,
    severities: true,
    existence: true,
    now: true,
    values: true,
    verdicts: true,
    found: true,
  };
  for (const name of cases) {
    const file = join(goldensFolder, name, 'options.json');
    if (!existsSync(file)) continue;
    for (const option of Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)) {
      expect(Object.keys(known), name).toContain(option);
    }
  }
});

function compare(file: string, actual: string): void {
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, actual);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
