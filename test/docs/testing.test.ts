// docs/testing.md holds the last figures of mutation; Stryker runs by hand only.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Figures,
  FLOOR,
  FOLDERS,
  scoreOf,
  tableOf,
  totalOf,
} from '../../scripts/mutation-score.ts';

const kept = JSON.parse(readFileSync('bench/results/mutation.json', 'utf8')) as Figures;
const page = readFileSync('docs/testing.md', 'utf8');

test('the page has the table of the last run, and its day', () => {
  expect(page).toContain(tableOf(kept));
  expect(page).toContain(`of ${kept.date}`);
});

test.each(FOLDERS)('%s was above the floor', (folder) => {
  expect(page).toContain(`${FLOOR} %`);
  expect(totalOf(kept, folder).score).toBeGreaterThanOrEqual(FLOOR);
  expect(totalOf(kept, folder).killed).toBeGreaterThan(300);
});

test('what a test failed for or did not end counts as noticed, what does not load for nothing', () => {
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'RuntimeError'];
  expect(scoreOf(statuses.map((status) => ({ status })))).toEqual({ killed: 2, survived: 2 });
  const files = {
    'src/a/x.ts': { killed: 2, survived: 1 },
    'src/ab/y.ts': { killed: 0, survived: 9 },
  };
  expect(totalOf({ date: '', files }, 'src/a/')).toEqual({ killed: 2, survived: 1, score: 66.6 });
  expect(totalOf({ date: '', files }, 'src/none/').score).toBe(100);
});
