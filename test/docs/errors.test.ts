import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { literal } from '../scripts/session.ts';
import { errorsPage, filled } from '../../scripts/errors-page.ts';
import { type ErrorCode, errors } from '../../src/errors.ts';

test('docs/errors.md is what the table says', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage());
});

/** What takes more than a session to happen, and the test in which it does. */
const SHOWN_BY_TESTS = new Map<ErrorCode, string>([
  ['audit-unavailable', 'test/http/unaudited.test.ts'],
  ['key-not-on-server', 'test/client/connection.test.ts'],
  ['request-too-slow', 'test/http/hostile.test.ts'],
  ['rotation-not-followed', 'test/client/interrupted-rotation.test.ts'],
  ['rotation-running', 'test/registry/live-rotation.test.ts'],
]);

const pages = pagesOf('test/{scripts,*/pages}/*.md');
const answers = pagesOf('test/*/pages/*.md');

test.each(Object.keys(errors) as ErrorCode[])('a session page or a test shows %s', (code) => {
  const file = SHOWN_BY_TESTS.get(code);
  if (file !== undefined) return expect(readFileSync(file, 'utf8')).toContain(`'${code}'`);
  const isShown =
    new RegExp(`^! secretreg: ${patternOf(code)}`, 'm').test(pages) ||
    new RegExp(`"message":"${patternOf(code)}"`).test(answers);
  expect(isShown).toBe(true);
});

/** The text of the row, as a line of stderr or a member of JSON has it. */
function patternOf(code: ErrorCode): string {
  const { text } = filled(code, () => '\u0000');
  const parts = text.split('\u0000').map(literal);
  return parts.join('[^\n]+');
}

function pagesOf(glob: string): string {
  return globSync(glob)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}
