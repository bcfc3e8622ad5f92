import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reportFormats } from '../../src/validator/reports/index.ts';
import { playPage } from '../scripts/session.ts';

const PAGE = 'docs/reports.md';

test('docs/reports.md shows what the tool prints', () => {
  const { expected, actual } = playPage(PAGE);
  expect(actual).toBe(expected);
});

test('docs/reports.md shows every format', () => {
  const page = readFileSync(PAGE, 'utf8');
  const shown = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
  expect(new Set(shown)).toEqual(new Set(reportFormats));
  for (const format of reportFormats.filter((it) => it !== 'text'))
    expect(page).toContain(`$ secretreg validate connectors --format ${format}`);
});
