// Every route asked by every role, with every state of a credential, and with names that look like one that is allowed.
// What is right comes from the table of the documentation, which is written down here once more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isResourceRole, type Role, type RoleBinding, ROLES } from '../../src/domain/access.ts';
import type { Caller } from '../../src/domain/audit-event.ts';
import type { Route, RouteAction } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes/index.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { below, on, user } from '../contract/access.contract.ts';
import { caller, codeOf, name, path, v, write } from '../registry/fixture.ts';
import { callerWith } from '../registry/local-access.ts';
import { BODIES, urlOf } from './requests.ts';
import { type Answered, type Served, startServing } from './serving.ts';

/** Columns: read, write, delete, list in a path, list paths, grants, users and tokens of others, rotate, audit. */
const TABLE: Record<Role, string> = {
  SystemAdmin: 'ywdlpguro',
  UserAdmin: '-wdlpg---',
  SecurityAdmin: '----p--ro',
  ResourceOwner: 'ywdlpg---',
  DeveloperManage: '--dlp----',
  DeveloperWrite: '-w-lp----',
  DeveloperRead: 'y--lp----',
  Operator: '---lp----',
  AuditAdmin: '--------o',
};
const COLUMN: Partial<Record<RouteAction, string>> = {
  read: 'y',
  write: 'w',
  delete: 'd',
  list: 'l',
  listPaths: 'p',
  grant: 'g',
  credentials: 'u',
  rotate: 'r',
  audit: 'o',
};

let served: Served;

/** A principal of its own for each set of grants, by a token. */
async function login(who: string, grants: readonly RoleBinding[]): Promise<string> {
  const holder = accessAdminFor(served.core, caller);
  for (const grant of grants) await holder.grant({ principal: user(who), ...grant });
  const { token } = await holder.createToken({ principal: user(who) });
  served.callers.set(who, callerWith(served.core, token));
  return who;
}

/** What every request finds: a version to read, to delete and one to restore. */
async function prepare(...paths: string[]): Promise<void> {
  for (const one of paths) {
    await served.registry.write([
      write(one, 'password', 'first'),
      write(one, 'password', 'second'),
    ]);
    await codeOf(served.registry.delete({ path: path(one), key: name('password'), version: v(2) }));
    await codeOf(
      served.registry.restore({ path: path(one), key: name('password'), version: v(1) }),
    );
  }
}

function ask(route: Route, as: string, pathText = 'orders'): Promise<Answered> {
  const body = BODIES[route.operationId];
  return served.ask(route.method, urlOf(route, pathText), {
    as,
    ...(body !== undefined && { body }),
  });
}

const errorCode = ({ json }: Answered) => (json as { error_code?: number } | undefined)?.error_code;
const isDenied = (answered: Answered) => [401, 403].includes(answered.status);

beforeAll(async () => {
  served = await startServing();
  await prepare('orders', 'orders2', 'Orders', 'orders/x', 'caf\u00e9');
});

afterAll(() => served.app.close());

test('each route that takes a body has one here', () => {
  const missing = routes.filter(
    ({ schema, operationId }) => schema.body !== undefined && !(operationId in BODIES),
  );
  expect(missing.map(({ operationId }) => operationId)).toEqual([]);
});

describe('without credentials', () => {
  test.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s',
    async (_, route) => {
      const answered = await ask(route, '');
      if (route.action === 'public') expect(answered.status).toBe(200);
      else expect([answered.status, errorCode(answered)]).toEqual([401, 40101]);
    },
  );
});

describe.each(ROLES)('%s', (role) => {
  let as: string;
  const binding = isResourceRole(role) ? { role, resource: on('orders') } : { role };
  const has = (action: RouteAction) => TABLE[role].includes(COLUMN[action] ?? ' ');
  beforeAll(async () => {
    as = await login(`role-${role}`, [binding]);
  });

  test.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s',
    async (_, route) => {
      await prepare('orders', 'orders2');
      const isOnPath = route.url.includes(':path') || hasPath(BODIES[route.operationId]);
      const answered = await ask(route, as);
      expectRight(route, answered, has, isOnPath);
      if (!route.url.includes(':path') || !isResourceRole(role)) return;
      // The sibling, and what looks like the name.
      for (const other of ['orders2', 'Orders', 'orders%2Fx', 'order']) {
        const sibling = await ask(route, as, other);
        expect([other, errorCode(sibling)]).toEqual([other, isHiding(route) ? 40401 : 40301]);
      }
    },
  );
});

/** Who asks for a write has named the path themselves; the others learn nothing of what they may not see. */
function isHiding({ method, operationId }: Route): boolean {
  return method === 'GET' || method === 'DELETE' || operationId === 'checkValues';
}

function hasPath(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'path' in body;
}

/** Of a request on the path that the role is for. */
function expectRight(
  route: Route,
  answered: Answered,
  has: (action: RouteAction) => boolean,
  isOnPath: boolean,
): void {
  const { action } = route;
  const told = [route.operationId, answered.status, errorCode(answered)];
  // Everybody may ask these of themselves, and of all paths what they may see of each.
  const isForAll =
    ['public', 'authenticated', 'own', 'listPaths'].includes(action) ||
    ['listUsers', 'validate'].includes(route.operationId);
  // One's own with a password alone; others' needs the right to users.
  if (route.operationId === 'setPassword') {
    const right = has('credentials') ? [404, 40406] : [403, 40301];
    return expect(told).toEqual([route.operationId, ...right]);
  }
  if (isForAll || has(action)) {
    const isRefused = isDenied(answered) || (!isForAll && errorCode(answered) === 40401);
    return expect([...told, isRefused]).toEqual([...told, false]);
  }
  const isHidden = isOnPath && isHiding(route) && !has('list');
  expect(told).toEqual([route.operationId, ...(isHidden ? [404, 40401] : [403, 40301])]);
}

describe('what is not there is answered as what may not be seen', () => {
  const onPath = routes.filter((route) => route.url.includes(':path') && isHiding(route));
  test.each(onPath.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s',
    async (_, route) => {
      const as = await login(`nobody-${route.operationId}`, []);
      const there = await ask(route, as, 'orders');
      const notThere = await ask(route, as, 'nothing');
      expect(there.text.replaceAll('orders', 'nothing')).toBe(notThere.text);
      expect(there.status).toBe(notThere.status);
      const names = (answered: Answered) => [...answered.headers.keys()].sort();
      expect(names(there)).toEqual(names(notThere));
    },
  );
});

describe('a credential that counts no more', () => {
  const read = routes.find(({ operationId }) => operationId === 'readLatest')!;
  const describeRoute = routes.find(({ operationId }) => operationId === 'describeRegistry')!;
  const holder = () => accessAdminFor(served.core, caller);

  test('a token that was revoked', async () => {
    const as = await login('revoked', [{ role: 'DeveloperRead', resource: on('orders') }]);
    expect((await ask(read, as)).status).toBe(200);
    const [token] = await holder().tokens({ principal: user('revoked') });
    await holder().revokeToken(token?.id ?? '');
    expect(errorCode(await ask(read, as))).toBe(40101);
  });

  test('a token whose user was removed', async () => {
    const as = await login('removed', [{ role: 'DeveloperRead', resource: on('orders') }]);
    await holder().deleteUser(user('removed'));
    expect(errorCode(await ask(read, as))).toBe(40101);
  });

  test.each(['mtls', 'jwt'] as const)('%s that has ended', async (mechanism) => {
    const ended: Caller = {
      principal: 'User:ended',
      credential: { mechanism, expiresAt: '2001-01-01T00:00:00.000Z' },
      userAgent: 'test',
    };
    served.callers.set(`ended-${mechanism}`, ended);
    expect(errorCode(await ask(read, `ended-${mechanism}`))).toBe(40101);
  });

  test('a grant by prefix counts for what begins so, and for nothing else', async () => {
    const as = await login('prefix', [{ role: 'DeveloperRead', resource: below('orders') }]);
    const status = async (text: string) => errorCode(await ask(read, as, text)) ?? 200;
    expect(await status('orders')).toBe(200);
    expect(await status('orders2')).toBe(200);
    expect(await status('orders%2Fx')).toBe(200);
    expect(await status('Orders')).toBe(40401);
    expect(await status('caf%C3%A9')).toBe(40401);
  });

  test('a name that is not in form NFC, or is a dot, is no name, whoever asks', async () => {
    for (const text of ['cafe%CC%81', '%2e', '..', '%2e%2e', 'a%00b', 'a:b']) {
      const answered = await ask(read, 'holder', text);
      expect([text, answered.status >= 400 && answered.status < 500]).toEqual([text, true]);
      expect(answered.text).not.toContain('first');
    }
  });

  test('who is authenticated and nothing more sees that there is a registry', async () => {
    const as = await login('plain', []);
    expect((await ask(describeRoute, as)).status).toBe(200);
    expect((await served.ask('GET', '/secret/paths', { as })).json).toEqual([]);
  });
});
