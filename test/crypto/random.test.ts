import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';

test('no bytes are handed out twice, across the ends of blocks too', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i += 1) seen.add(random(8 + (i % 25)).toString('hex', 0, 8));
  expect(seen.size).toBe(20_000);
});

test('of any length, and a copy that its owner may change', () => {
  for (const length of [0, 1, 32, 256, 257, 5000]) expect(random(length)).toHaveLength(length);
  const first = random(32);
  const before = first.toString('hex');
  first.fill(0);
  expect(random(32).toString('hex')).not.toBe('0'.repeat(64));
  expect(before).not.toBe('0'.repeat(64));
});
