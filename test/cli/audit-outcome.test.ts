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
  ['secret.Read', { status: 'ok', count: 0 }, 'ok, none'],
  ['access.Grant', { status: 'wrong-use', count: 4 }, 'wrong-use, 4 times'],
  ['secret.Read', { status: 'not-allowed', count: 3 }, 'not-allowed'],
])('%s, %j', (methodName, result, outcome) => {
  const authorizationInfo = { granted: result.status === 'ok' };
  expect(outcomeOf({ data: { methodName, authorizationInfo, result } } as ReadEvent)).toBe(outcome);
});
