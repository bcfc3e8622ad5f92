import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage, filled } from '../../scripts/errors-page.ts';
import { type ErrorCode, errors } from '../../src/errors.ts';

test('docs/errors.md is what the table says', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage());
});

const shown = globSync('test/{scripts,client/pages}/*.md')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

test.each(Object.keys(errors))('a session page shows %s', (code) => {
  const { text } = filled(code as ErrorCode, () => '\u0000');
  const pattern = text
    .split('\u0000')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
  expect(shown).toMatch(new RegExp(`^! secretreg: ${pattern}`, 'm'));
});
