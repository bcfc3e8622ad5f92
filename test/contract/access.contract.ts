// What every AccessAdmin does, and what a Registry does for callers that may not do everything.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Grant, Principal, RoleBinding } from '../../src/domain/access.ts';
import type { AccessAdmin, NewToken } from '../../src/domain/access-admin.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { codeOf, collect, name, path, v, write } from '../registry/fixture.ts';

export interface Session {
  registry: Registry;
  access: AccessAdmin;
}

export interface AccessHarness {
  /** Whoever has every right: the holder of the master key. */
  holder: Session;
  /** Whoever shows this token. */
  with(token: SecretValue): Promise<Session>;
  cleanup(): Promise<void>;
}

export const on = (text: string): Required<RoleBinding>['resource'] => ({
  patternType: 'LITERAL',
  name: text,
});
export const below = (text: string): Required<RoleBinding>['resource'] => ({
  patternType: 'PREFIXED',
  name: text,
});
export const user = (text: string): Principal => `User:${text}` as Principal;

export function accessContract(title: string, make: () => Promise<AccessHarness>): void {
  describe(`access contract on ${title}`, () => {
    let harness: AccessHarness;
    let holder: Session;
    const orders = path('orders');
    const password = name('password');

    beforeEach(async () => {
      harness = await make();
      holder = harness.holder;
      await holder.registry.write([
        write('orders', 'password', 'p1'),
        write('orders', 'password', 'p2'),
        write('other', 'password', 'o1'),
      ]);
    });
    afterEach(() => harness.cleanup());

    /** A principal with these grants, by a token of theirs. */
    const login = async (
      who: string,
      grants: readonly RoleBinding[],
      token: NewToken = {},
    ): Promise<Session & { token: SecretValue; id: string }> => {
      for (const grant of grants) await holder.access.grant({ principal: user(who), ...grant });
      const made = await holder.access.createToken({ principal: user(who), ...token });
      return { ...(await harness.with(made.token)), token: made.token, id: made.id };
    };
    const grant = (who: string, role: Grant['role'], resource?: Grant['resource']): Grant => ({
      principal: user(who),
      role,
      ...(resource && { resource }),
    });
    const shown = (grants: readonly RoleBinding[]) =>
      grants.map(({ role, resource }) => (resource ? `${role} ${resource.name}` : role));

    test('without a grant nothing is allowed, and nothing is there', async () => {
      const nobody = await login('nobody', []);
      const { registry } = nobody;
      expect(await registry.paths()).toEqual([]);
      expect(await registry.listPaths({ deleted: true })).toEqual([]);
      for (const place of [orders, path('not-there')]) {
        expect(await codeOf(registry.read(place, password, 'latest'))).toBe('path-not-found');
        expect(await codeOf(registry.readKey(place, password))).toBe('path-not-found');
        expect(await codeOf(registry.readPath(place))).toBe('path-not-found');
        expect(await codeOf(registry.listKeys(place))).toBe('path-not-found');
        expect(await codeOf(registry.listVersions(place, password))).toBe('path-not-found');
        expect(await codeOf(registry.delete({ path: place }))).toBe('path-not-found');
        expect(await codeOf(registry.metadata(place, password))).toBe('path-not-found');
        expect(await codeOf(registry.write([write(place, 'password', 'x')]))).toBe('not-allowed');
        expect(await codeOf(registry.restore({ path: place }))).toBe('not-allowed');
        expect(await codeOf(registry.setMetadata(place, password, {}))).toBe('not-allowed');
      }
      expect(await codeOf(collect(registry.audit()))).toBe('not-allowed');
      expect(await nobody.access.grants()).toEqual([]);
      expect(await codeOf(nobody.access.users())).toBe('no error');
      expect((await nobody.access.users()).map(({ principal }) => principal)).toEqual([
        'User:nobody',
      ]);
    });

    test('who may list but not read is told so', async () => {
      const { registry } = await login('dora', [
        { role: 'DeveloperManage', resource: on('orders') },
      ]);
      expect((await registry.listKeys(orders)).map(({ key }) => key)).toEqual(['password']);
      expect(await codeOf(registry.read(orders, password, 'latest'))).toBe('not-allowed');
      expect(await codeOf(registry.read(orders, name('absent'), 'latest'))).toBe('not-allowed');
      expect(await codeOf(registry.read(path('other'), password, 'latest'))).toBe('path-not-found');
    });

    test('a UserAdmin writes what it cannot read back', async () => {
      const { registry } = await login('uma', [{ role: 'UserAdmin' }]);
      expect(
        (await registry.write([write('fresh', 'password', 'x')])).map((one) => one.version),
      ).toEqual([1]);
      expect(await codeOf(registry.read(path('fresh'), password, 'latest'))).toBe('not-allowed');
      expect(await registry.paths()).toEqual(['fresh', 'orders', 'other']);
    });

    test('lists show what the caller may see', async () => {
      const { registry } = await login('rita', [{ role: 'DeveloperRead', resource: below('ord') }]);
      expect(await registry.paths()).toEqual(['orders']);
      expect((await registry.listPaths()).map((one) => one.path)).toEqual(['orders']);
    });

    test('a SecurityAdmin sees that a path is there, and nothing in it', async () => {
      const { registry } = await login('sec', [{ role: 'SecurityAdmin' }]);
      expect(await registry.paths()).toEqual(['orders', 'other']);
      expect(await registry.listPaths()).toEqual([]);
      expect(await codeOf(registry.listKeys(orders))).toBe('path-not-found');
    });

    test('a write of several paths needs the right to each', async () => {
      const { registry } = await login('wim', [{ role: 'DeveloperWrite', resource: on('orders') }]);
      const both = [write('orders', 'password', 'x'), write('other', 'password', 'x')];
      expect(await codeOf(registry.write(both))).toBe('not-allowed');
      expect(await codeOf(registry.write(both.toReversed()))).toBe('not-allowed');
      expect((await registry.listVersions(orders, password)).versions.length).toBe(2);
    });

    test('a grant counts from its answer on, and after revoke no more', async () => {
      const rita = await login('rita', []);
      const wanted = grant('rita', 'DeveloperRead', on('orders'));
      await holder.access.grant(wanted);
      expect((await rita.registry.read(orders, password, v(1))).value.reveal()).toBe('p1');
      await holder.access.revoke(wanted);
      expect(await codeOf(rita.registry.read(orders, password, v(1)))).toBe('path-not-found');
      expect(await codeOf(holder.access.revoke(wanted))).toBe('grant-not-found');
    });

    test('a grant that is there already is answered as it is', async () => {
      const wanted = grant('rita', 'DeveloperRead', on('orders'));
      const first = await holder.access.grant(wanted);
      expect(await holder.access.grant(wanted)).toEqual(first);
      expect((await holder.access.grants({ principal: user('rita') })).length).toBe(1);
    });

    test.each([
      ['a role on secrets without a path', grant('x', 'DeveloperRead')],
      ['a role on the registry with one', grant('x', 'Operator', on('orders'))],
    ])('%s is no grant', async (_, wanted) => {
      expect(await codeOf(holder.access.grant(wanted))).toBe('bad-grant');
    });

    test('whoami tells roles, and of a token its end and limit', async () => {
      const limit: RoleBinding = { role: 'DeveloperRead', resource: on('orders') };
      const rita = await login('rita', [{ role: 'ResourceOwner', resource: on('orders') }], {
        limit,
      });
      expect(await rita.access.whoami()).toEqual({
        principal: 'User:rita',
        mechanism: 'token',
        grants: [{ role: 'ResourceOwner', resource: on('orders') }],
        token: { id: rita.id, expiresAt: expect.stringMatching(/Z$/), limit },
      });
    });

    test('check says which grant allows it; of others only whoever manages grants there', async () => {
      const rita = await login('rita', [{ role: 'DeveloperRead', resource: below('ord') }]);
      expect(await rita.access.check({ action: 'read', path: orders })).toEqual({
        allowed: true,
        by: { role: 'DeveloperRead', resource: below('ord') },
      });
      expect(await rita.access.check({ action: 'write', path: orders })).toEqual({
        allowed: false,
      });
      const other = { principal: user('nobody'), action: 'read', path: orders } as const;
      expect(await codeOf(rita.access.check(other))).toBe('not-allowed');
      expect(await codeOf(rita.access.whoCan('read', orders))).toBe('not-allowed');
      const owner = await login('otto', [{ role: 'ResourceOwner', resource: on('orders') }]);
      expect(await owner.access.check({ ...other, principal: user('rita') })).toMatchObject({
        allowed: true,
      });
      expect((await owner.access.whoCan('read', orders)).map((one) => one.principal)).toEqual([
        'User:otto',
        'User:rita',
      ]);
      expect(await codeOf(owner.access.whoCan('read', path('other')))).toBe('not-allowed');
    });

    test('without a path it is asked who can somewhere, and whether somebody may everywhere', async () => {
      await login('rita', [{ role: 'DeveloperRead', resource: on('orders') }]);
      await login('wanda', [{ role: 'DeveloperWrite', resource: on('orders') }]);
      const eve = await login('eve', [{ role: 'DeveloperRead', resource: on('*') }]);
      const names = (await holder.access.whoCan('read')).map((one) => one.principal);
      expect(names).toEqual(['User:eve', 'User:rita']);
      const may = async (name: string) =>
        (await holder.access.check({ principal: user(name), action: 'read' })).allowed;
      expect([await may('eve'), await may('rita')]).toEqual([true, false]);
      expect(await eve.access.check({ action: 'read' })).toMatchObject({ allowed: true });
      expect(await codeOf(eve.access.whoCan('read'))).toBe('not-allowed');
      const cut = await login('otto', [{ role: 'DeveloperRead', resource: on('*') }], {
        limit: { role: 'DeveloperRead', resource: on('orders') },
      });
      expect(await cut.access.check({ action: 'read' })).toEqual({ allowed: false });
    });

    test('who administers the registry is no question of a path', async () => {
      const sec = user('sec');
      await holder.access.grant(grant('sec', 'SecurityAdmin'));
      const owner = await login('otto', [{ role: 'ResourceOwner', resource: on('orders') }]);
      for (const action of ['credentials', 'rotate', 'audit'] as const) {
        expect(await codeOf(owner.access.whoCan(action, orders))).toBe('not-allowed');
        const question = { principal: sec, action, path: orders };
        expect(await codeOf(owner.access.check(question))).toBe('not-allowed');
        expect(await owner.access.check({ action, path: orders })).toEqual({ allowed: false });
      }
      const una = await login('una', [{ role: 'UserAdmin' }]);
      expect(shown(await una.access.whoCan('audit', orders))).toEqual(['SecurityAdmin']);
    });

    test('a connector is configured by whoever owns or manages its secrets, not by who can only write or read them', async () => {
      const asked = { action: 'configure', path: orders } as const;
      for (const [role, allowed] of [
        ['ResourceOwner', true],
        ['DeveloperManage', true],
        ['DeveloperWrite', false],
        ['DeveloperRead', false],
      ] as const) {
        const { access } = await login(role, [{ role, resource: on('orders') }]);
        expect([role, (await access.check(asked)).allowed]).toEqual([role, allowed]);
        const sibling = await access.check({ ...asked, path: path('orders-eu') });
        expect([role, sibling.allowed]).toEqual([role, false]);
      }
      const una = await login('una', [{ role: 'UserAdmin' }]);
      expect(await una.access.check(asked)).toEqual({ allowed: false });
      // A token of the owner that is cut to reading configures nothing.
      const cut = await login('otto', [{ role: 'ResourceOwner', resource: on('orders') }], {
        limit: { role: 'DeveloperRead', resource: on('orders') },
      });
      expect(await cut.access.check(asked)).toEqual({ allowed: false });
    });

    test('grants of others are shown to whoever could give them', async () => {
      await login('rita', [
        { role: 'DeveloperRead', resource: on('orders') },
        { role: 'Operator' },
      ]);
      const owner = await login('otto', [{ role: 'ResourceOwner', resource: on('orders') }]);
      expect(shown(await owner.access.grants())).toEqual([
        'ResourceOwner orders',
        'DeveloperRead orders',
      ]);
      const uma = await login('uma', [{ role: 'UserAdmin' }]);
      expect(shown(await uma.access.grants({ principal: user('rita') }))).toEqual([
        'DeveloperRead orders',
        'Operator',
      ]);
    });

    describe('no way up', () => {
      test.each<[string, RoleBinding[], Grant]>([
        [
          'a UserAdmin makes a SystemAdmin',
          [{ role: 'UserAdmin' }],
          grant('friend', 'SystemAdmin'),
        ],
        ['a UserAdmin makes a UserAdmin', [{ role: 'UserAdmin' }], grant('friend', 'UserAdmin')],
        [
          'a UserAdmin makes a SecurityAdmin',
          [{ role: 'UserAdmin' }],
          grant('friend', 'SecurityAdmin'),
        ],
        [
          'a UserAdmin lets itself read',
          [{ role: 'UserAdmin' }],
          grant('eve', 'DeveloperRead', on('*')),
        ],
        ['an Operator grants', [{ role: 'Operator' }], grant('eve', 'DeveloperRead', on('orders'))],
        [
          'an owner grants on more than it has',
          [{ role: 'ResourceOwner', resource: on('orders') }],
          grant('eve', 'DeveloperRead', below('order')),
        ],
        [
          'an owner grants on everything',
          [{ role: 'ResourceOwner', resource: below('orders') }],
          grant('eve', 'DeveloperRead', on('*')),
        ],
        [
          'an owner makes an Operator',
          [{ role: 'ResourceOwner', resource: on('*') }],
          grant('eve', 'Operator'),
        ],
        [
          'a writer makes itself a reader',
          [{ role: 'DeveloperWrite', resource: on('orders') }],
          grant('eve', 'DeveloperRead', on('orders')),
        ],
      ])('%s', async (_, own, wanted) => {
        const eve = await login('eve', own);
        expect(await codeOf(eve.access.grant(wanted))).toBe('not-allowed');
        expect(await codeOf(eve.access.revoke(wanted))).toBe('not-allowed');
        expect(await codeOf(eve.access.createToken({ grant: wanted }))).toBe('not-allowed');
      });

      test('nobody but a SystemAdmin makes users and tokens of others', async () => {
        const uma = await login('uma', [{ role: 'UserAdmin' }]);
        await holder.access.createUser(user('bert'));
        const secret = SecretValue.of('a long enough password');
        const { id } = await holder.access.createToken({ principal: user('bert') });
        const tries = [
          () => uma.access.createUser(user('new'), secret),
          () => uma.access.setPassword(user('bert'), secret),
          () => uma.access.deleteUser(user('bert')),
          () => uma.access.createToken({ principal: user('bert') }),
        ];
        for (const attempt of tries) expect(await codeOf(attempt())).toBe('not-allowed');
        expect(await codeOf(uma.access.revokeToken(id))).toBe('token-not-found');
        expect((await uma.access.tokens()).map(({ principal }) => principal)).toEqual(['User:uma']);
      });

      test('one cannot set a password with a token, which would then outlive it', async () => {
        const rita = await login('rita', []);
        const change = rita.access.setPassword(
          user('rita'),
          SecretValue.of('a long enough password'),
        );
        expect(await codeOf(change)).toBe('not-allowed');
        await expect(change).rejects.toThrow(
          'User:rita is not allowed to set their own password unless logged in with the one that is to be changed; a SystemAdmin may',
        );
      });

      test('one cannot remove oneself, and is not told of others', async () => {
        const rita = await login('rita', []);
        const removal = rita.access.deleteUser(user('rita'));
        expect(await codeOf(removal)).toBe('not-allowed');
        await expect(removal).rejects.toThrow(
          'User:rita is not allowed to remove their own user: a SystemAdmin does that',
        );
      });

      test('a token is limited, and so is every token that is made with it', async () => {
        const limit: RoleBinding = { role: 'DeveloperRead', resource: on('orders') };
        const rita = await login('rita', [{ role: 'SystemAdmin' }], { limit });
        const made = await rita.access.createToken({});
        for (const one of [rita, await harness.with(made.token)]) {
          expect((await one.registry.read(orders, password, 'latest')).value.reveal()).toBe('p2');
          expect(await codeOf(one.registry.read(path('other'), password, 'latest'))).toBe(
            'path-not-found',
          );
          expect(await codeOf(one.registry.write([write('orders', 'password', 'x')]))).toBe(
            'not-allowed',
          );
          expect(await codeOf(one.access.createUser(user('new')))).toBe('not-allowed');
          expect(await codeOf(one.access.grant(grant('x', 'Operator')))).toBe('not-allowed');
        }
      });

      test('a limit that is wider than the rights of the owner gives nothing', async () => {
        const rita = await login('rita', [{ role: 'DeveloperRead', resource: on('orders') }]);
        const made = await rita.access.createToken({ limit: { role: 'SystemAdmin' } });
        const wide = await harness.with(made.token);
        expect(await codeOf(wide.registry.write([write('orders', 'password', 'x')]))).toBe(
          'not-allowed',
        );
        expect(await codeOf(wide.access.createUser(user('new')))).toBe('not-allowed');
      });

      test('a token does not outlive the one that makes it', async () => {
        const expiresAt = '2099-01-01T00:00:00.000Z';
        const rita = await login('rita', [], { expiresAt });
        const longer = rita.access.createToken({ expiresAt: '2099-01-02T00:00:00.000Z' });
        expect(await codeOf(longer)).toBe('bad-token');
        expect((await rita.access.createToken({ expiresAt })).expiresAt).toBe(expiresAt);
      });

      test.each([
        ['a control character', 'for ci\u001b[2J'],
        ['two lines', 'for ci\nand more'],
        ['nothing', ''],
        ['too much', 'x'.repeat(1025)],
      ])('a description of %s is refused', async (_, description) => {
        const wanted = { principal: user('bert'), description };
        expect(await codeOf(holder.access.createToken(wanted))).toBe('bad-token');
      });

      test('revoking a token revokes what was made with it', async () => {
        const rita = await login('rita', [{ role: 'DeveloperRead', resource: on('orders') }]);
        const child = await harness.with((await rita.access.createToken({})).token);
        const grandchild = await harness.with((await child.access.createToken({})).token);
        await holder.access.revokeToken(rita.id);
        for (const one of [rita, child, grandchild])
          expect(await codeOf(one.registry.read(orders, password, 'latest'))).toBe(
            'not-authenticated',
          );
        expect(await holder.access.tokens({ principal: user('rita') })).toEqual([]);
      });

      test('removing a user ends its tokens and grants; one of the same name begins anew', async () => {
        const rita = await login('rita', [{ role: 'DeveloperRead', resource: on('orders') }]);
        await holder.access.deleteUser(user('rita'));
        expect(await codeOf(rita.registry.read(orders, password, 'latest'))).toBe(
          'not-authenticated',
        );
        await holder.access.createUser(user('rita'));
        expect(await codeOf(rita.registry.read(orders, password, 'latest'))).toBe(
          'not-authenticated',
        );
        expect(await holder.access.grants({ principal: user('rita') })).toEqual([]);
      });
    });

    test('a token that is past cannot be made', async () => {
      const past = holder.access.createToken({
        principal: user('x'),
        expiresAt: '2001-01-01T00:00:00.000Z',
      });
      expect(await codeOf(past)).toBe('bad-token');
    });

    test('users are made once, and a password has a least length', async () => {
      const secret = SecretValue.of('a long enough password');
      expect(await holder.access.createUser(user('bert'), secret)).toMatchObject({
        hasPassword: true,
      });
      expect(await codeOf(holder.access.createUser(user('bert')))).toBe('user-exists');
      expect(await codeOf(holder.access.setPassword(user('bert'), SecretValue.of('short')))).toBe(
        'bad-password',
      );
      expect(await codeOf(holder.access.setPassword(user('nobody'), secret))).toBe(
        'user-not-found',
      );
      expect(await codeOf(holder.access.deleteUser(user('nobody')))).toBe('user-not-found');
      // Who logs in by certificate or JWT need not be a user to have grants.
      await holder.access.grant(grant('nobody', 'Operator'));
      await holder.access.deleteUser(user('nobody'));
      expect(await holder.access.grants({ principal: user('nobody') })).toEqual([]);
    });

    test('a name with a colon, which no log-in with a password can carry, has none', async () => {
      const secret = SecretValue.of('a long enough password');
      const colon = user('urn:worker');
      expect(await codeOf(holder.access.createUser(colon, secret))).toBe('bad-password');
      expect(await holder.access.createUser(colon)).toMatchObject({ hasPassword: false });
      expect(await codeOf(holder.access.setPassword(colon, secret))).toBe('bad-password');
    });

    test('the audit tells who was allowed as what, and who was not', async () => {
      const rita = await login('rita', [{ role: 'DeveloperRead', resource: on('orders') }]);
      await rita.registry.read(orders, password, 'latest');
      await codeOf(rita.registry.read(path('other'), password, 'latest'));
      await codeOf(rita.registry.write([write('orders', 'password', 'x')]));
      await codeOf(rita.access.grant(grant('x', 'Operator')));
      const events = await collect(holder.registry.audit({ principal: 'User:rita' }));
      expect(
        events.map(({ data: { methodName, authorizationInfo: info, result } }) =>
          [methodName, info.granted, info.role, info.resourceName, result.status].join(' '),
        ),
      ).toEqual([
        'secret.Read true DeveloperRead orders ok',
        'secret.Read false  other path-not-found',
        'secret.Write false  orders not-allowed',
        expect.stringMatching(/^access.Grant false {2}[0-9a-f]{32} not-allowed$/),
      ]);
      expect(events[0]?.data.authenticationInfo).toEqual({
        principal: 'User:rita',
        credentials: { mechanism: 'token', id: rita.id },
      });
      const all = JSON.stringify(await collect(holder.registry.audit()));
      expect(all).not.toContain(rita.token.reveal().slice(-43));
    });
  });
}
