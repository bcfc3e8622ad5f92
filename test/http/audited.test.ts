// Of each request that is answered there is a line in the audit trail, under the id that its caller was told, and it was
// there before the answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../src/http/routes/index.ts';
import type { Route } from '../../src/http/route.ts';
import { collect, name, path, v, write } from '../registry/fixture.ts';
import { BODIES, urlOf } from './requests.ts';
import { type Served, startServing } from './serving.ts';

/** They tell neither a name nor a value. */
const WITHOUT_LINE = new Set(['live', 'ready', 'openApi', 'metrics', 'describeRegistry']);

let served: Served;
beforeAll(async () => {
  served = await startServing();
});
afterAll(() => served.app.close());

async function linesOf(requestId: string): Promise<string[]> {
  const events = await collect(served.registry.audit());
  return events
    .filter(({ data }) => data.request.requestId === requestId)
    .map(({ data }) => `${data.methodName} ${data.result.status}`);
}

function asking(route: Route, id: string, as = 'holder') {
  const body = BODIES[route.operationId];
  return served.ask(route.method, urlOf(route, 'orders'), {
    as,
    headers: { 'x-request-id': id },
    ...(body !== undefined && { body }),
  });
}

test.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
  '%s',
  async (_, route) => {
    await served.registry.write([
      write('orders', 'password', 'one'),
      write('orders', 'password', 'two'),
    ]);
    await served.registry
      .delete({ path: path('orders'), key: name('password'), version: v(1) })
      .catch(() => undefined);
    const id = `audited-${route.operationId}`;
    const answer = await asking(route, id);
    expect(answer.headers.get('x-request-id')).toBe(id);
    const lines = await linesOf(id);
    if (WITHOUT_LINE.has(route.operationId)) return expect(lines).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    // That there was no change of the master key is an answer as well.
    const isGood = answer.status < 400 || route.operationId === 'readRotation';
    expect(lines.every((line) => line.endsWith(' ok') === isGood)).toBe(true);
  },
);
