import { expect, test } from 'vitest';
import { seeds } from './seeds.ts';
import { FILES, survey, tooFew } from './survey.ts';

test('whatever is in a JSON, Terraform, ksqlDB or properties file: the same', {
  timeout: 3_600_000,
}, async () => {
  const all = (await seeds()).filter(({ extension }) => !/ya?ml/.test(extension));
  const sum = await survey(all, FILES * 0.7);
  expect(sum.broken.slice(0, 20)).toEqual([]);
  expect(tooFew(sum)).toEqual([]);
});
