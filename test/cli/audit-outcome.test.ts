import { expect, test } from 'vitest';
import { outcomeOf } from '../../src/cli/commands/audit.ts';
import type { ReadEvent } from '../../src/domain/audit-event.ts';

test.each([
  [
    'access.Authenticate',
    { status: 'not-authenticated', count: 31 },
    'not-authenticated, 31 times',
  ],
  ['access.Authenticate', { status: 'not-authenticated', count: 1 }, 'not-authenticated'],
  ['access.Authenticate', { status: 'not-authenticated' }, 'not-authenticated'],
  ['secret.List', { status: 'ok', count: 31 }, 'ok'],
])('%s, %j', (methodName, result, outcome) => {
  expect(outcomeOf({ data: { methodName, result } } as ReadEvent)).toBe(outcome);
});
