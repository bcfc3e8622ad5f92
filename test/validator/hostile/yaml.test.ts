import { expect, test } from 'vitest';
import { seeds } from './seeds.ts';
import { FILES, survey, tooFew } from './survey.ts';

test('whatever is in a YAML file: a sentence for each fault, and no credential in it', {
  timeout: 3_600_000,
}, async () => {
  const all = (await seeds()).filter(({ extension }) => /ya?ml/.test(extension));
  const sum = await survey(all, FILES * 0.3);
  expect(sum.broken.slice(0, 20)).toEqual([]);
  expect(tooFew(sum)).toEqual([]);
});
