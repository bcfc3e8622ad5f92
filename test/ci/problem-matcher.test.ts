import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { problemMatcher } = JSON.parse(readFileSync('ci/problem-matcher.json', 'utf8')) as {
  problemMatcher: { pattern: { regexp: string }[] }[];
};
const expression = new RegExp(problemMatcher[0]?.pattern[0]?.regexp ?? '', '');

test('the problem matcher finds every finding of every golden report, and nothing else', () => {
  const reports = globSync('fixtures/validate/*/expected.txt').sort();
  let found = 0;
  for (const file of reports) {
    const lines = readFileSync(file, 'utf8').split('\n');
    const matched = lines.filter((line) => expression.test(line));
    const counts = lines.at(-2)?.matchAll(/(\d+) (?:error|warning|note)s?\b/g) ?? [];
    const told = [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(matched.length, file).toBe(told);
    found += matched.length;
  }
  expect(found).toBeGreaterThan(100);
  expect(expression.exec("a b/orders.json:8:34: error: 'x': y [missing-key]")?.slice(1)).toEqual([
    'a b/orders.json',
    '8',
    '34',
    'error',
    "'x': y",
    'missing-key',
  ]);
});
