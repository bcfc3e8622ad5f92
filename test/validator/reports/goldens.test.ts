// Every format's answer to every case, in fixtures/reports/. UPDATE_GOLDENS=1 rewrites them; read them before you keep them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportFormats, reports } from '../../../src/validator/reports/index.ts';
import { plainStyle } from '../../../src/validator/reports/report.ts';
import { cases } from './cases.ts';

const folder = join(import.meta.dirname, '../../../fixtures/reports');

describe.each(Object.entries(cases))('%s', (name, make) => {
  test.each(reportFormats)('%s', async (format) => {
    const file = join(folder, name, `expected.${format}`);
    const report = reports[format](await make(), plainStyle);
    const actual = format === 'sarif' ? withoutRules(report) : report;
    if (process.env['UPDATE_GOLDENS'] === '1') {
      if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, actual);
    }
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });

  // A name would do to a terminal, or to a reader of a log, what it likes.
  test.each(reportFormats)('%s has no control and no text-direction character', async (format) => {
    const report = reports[format](await make(), plainStyle);
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });
});

/** Which change whenever a rule comes: sarif.test.ts looks at them. */
function withoutRules(sarif: string): string {
  return sarif
    .replace(/("rules": \[)[^]*?\n {10}\]/, '$1]')
    .replace(/("ruleIndex": )\d+/g, '$10')
    .replace(/("version": )"(?!2\.1\.0)[^"]+"/, '$1"0"');
}
