// docs/comparison.md holds what was measured, and of this project what holds now; the other scanners run by hand only.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Comparison,
  comparisonOf,
  comparisonTable,
  ownLines,
  scoreOf,
} from '../../scripts/scanner-score.ts';

const kept = JSON.parse(readFileSync('bench/results/scanners.json', 'utf8')) as Comparison;

test('the page has the table of the last comparison', () => {
  expect(readFileSync('docs/comparison.md', 'utf8')).toContain(comparisonTable(kept));
});

test('the comparison was made with the corpus and the rule as they are', async () => {
  const [own, ...others] = kept.scanners;
  const now = { ...own, ...scoreOf(await ownLines()) };
  expect(kept).toEqual(comparisonOf([now as Comparison['scanners'][number], ...others]));
});
