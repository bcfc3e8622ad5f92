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
  [2, 1, 2, 'fail', /^nothing can be written/],
  [1, 1, 2, 'warn', /^min.insync.replicas is 2, more .* takes it for 1, .*; what was acknowledged/],
  [2, 2, 3, 'warn', /^min.insync.replicas is 3, more .* takes it for 2, .*; writing stops when/],
  [2, 1, 3, 'fail', /^min.insync.replicas is 3, more .*; nothing can be written until/],
])('of %i copies, %i in sync, with %i as the least: %s', (all, inSync, least, state, why) => {
  expect(judgeCopies({ all, inSync, least })).toEqual({ state, why: expect.stringMatching(why) });
});
