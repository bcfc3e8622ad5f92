import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsVersion, type Ranges, withVersions } from '../../src/registry/version-ranges.ts';

test.each<[Ranges, number[], Ranges]>([
  [[], [], []],
  [[], [3], [[3, 3]]],
  [[[1, 2]], [3], [[1, 3]]],
  [
    [
      [1, 2],
      [4, 5],
    ],
    [3],
    [[1, 5]],
  ],
  [
    [[4, 5]],
    [1, 2],
    [
      [1, 2],
      [4, 5],
    ],
  ],
  [[[1, 5]], [2, 3], [[1, 5]]],
])('%j with %j is %j', (ranges, versions, expected) => {
  expect(withVersions(ranges, versions)).toEqual(expected);
});

test('ranges hold what a set holds', () => {
  const numbers = fc.array(fc.array(fc.integer({ min: 1, max: 30 })));
  fc.assert(
    fc.property(numbers, (steps) => {
      const ranges = steps.reduce<Ranges>((all, step) => withVersions(all, step), []);
      const set = new Set(steps.flat());
      for (let i = 0; i <= 31; i += 1) expect(holdsVersion(ranges, i)).toBe(set.has(i));
    }),
  );
});
