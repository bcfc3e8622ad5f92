// Strings as Docker Compose makes them: the answers of the original, which scripts/compose-golden.ts has asked.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { interpolated } from '../../../src/documents/compose.ts';
import { parseJson } from '../../../src/documents/json.ts';

type Answer = [written: string, made: string | null];

const answers = readFileSync('fixtures/compose/strings.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

test.each(answers.filter(([, made]) => made !== null))('%j is %j', (written, made) => {
  const outer = parseJson(JSON.stringify(written));
  const { text, document } = interpolated(outer, '', written);
  expect(text).toBe(made);
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const { start, end } = document.locate('', at, at + 1);
    expect(start).toBeGreaterThanOrEqual(from);
    expect(end).toBeGreaterThan(start);
    from = start;
  }
});

test('a reference with one sign is refused', () => {
  expect(answers).toContainEqual(['${secret:orders:password}', null]);
});
