// A route that does not say which right it needs does not compile. What holds this test is `npm run types`: an error that
// is expected and does not come is one there.
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { route } from '../../src/http/route.ts';

const schema = { answer: Type.Object({}) };
const others = { operationId: 'x', summary: 'x', errors: [], handler: async () => ({ body: {} }) };

test('a route says which right it needs, and it is one that there is', () => {
  // @ts-expect-error action is missing
  const without = route({ method: 'GET', url: '/x', schema, ...others });
  // @ts-expect-error nobody has such a right
  const unknown = route({ method: 'GET', url: '/x', schema, ...others, action: 'everything' });
  expect([without, unknown].map(({ operationId }) => operationId)).toEqual(['x', 'x']);
});
