import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstIndex } from '../../src/domain/first-index.ts';

test('the first index is the one that a search from the beginning finds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 12 }), fc.nat(20), (numbers, limit) => {
      const sorted = numbers.toSorted((a, b) => a - b);
      const index = sorted.findIndex((it) => it >= limit);
      expect(firstIndex(sorted, (it) => it >= limit)).toBe(index === -1 ? sorted.length : index);
    }),
    { numRuns: 1000 },
  );
});
