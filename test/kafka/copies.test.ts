// What an operator is told of a number of copies.
import { expect, test } from 'vitest';
import { judgeCopies } from '../../src/store/kafka/topic-state.ts';

test.each([
  [3, 3, 2, 'ok', /^$/],
  [4, 4, 3, 'ok', /^$/],
  [3, 3, 1, 'warn', /^what was acknowledged can be lost with one broker/],
  [1, 1, 1, 'warn', /^what was acknowledged can be lost with one broker/],
  [2, 2, 2, 'warn', /^writing stops when one broker is away/],
  [3, 2, 2, 'warn', /^a copy is behind/],
  [3, 1, 2, 'fail', /^nothing can be written/],
  [2, 2, 3, 'fail', /^nothing can be written/],
])(
  'of %i copies, %i in sync, of which a write waits for %i: %s',
  (all, inSync, least, state, why) => {
    expect(judgeCopies({ all, inSync, least })).toEqual({ state, why: expect.stringMatching(why) });
  },
);
