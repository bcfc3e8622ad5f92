// What every Registry does, whatever it stands on.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditFilter, Registry } from '../../src/domain/registry.ts';
import type { Surroundings } from '../../src/domain/surroundings.ts';
import { codeOf, collect, name, path, v, write } from '../registry/fixture.ts';

export interface RegistryHarness {
  registry: Registry;
  /** A second process on the same data. */
  other(): Promise<Registry>;
  cleanup(): Promise<void>;
}

export function registryContract(title: string, make: () => Promise<RegistryHarness>): void {
  describe(`Registry contract on ${title}`, () => {
    let harness: RegistryHarness;
    let registry: Registry;
    const orders = path('orders');
    const password = name('password');
    const user = name('username');

    beforeEach(async () => {
      harness = await make();
      registry = harness.registry;
    });
    afterEach(() => harness.cleanup());

    const put = (keyText: string, value: string, pathText = 'orders') =>
      registry.write([write(pathText, keyText, value)]);
    const latest = async () => (await registry.read(orders, password, 'latest')).value.reveal();

    test('a written value is read back, by latest and by number', async () => {
      await put('password', 'one');
      await put('password', 'two');
      expect(await latest()).toBe('two');
      expect((await registry.read(orders, password, v(1))).value.reveal()).toBe('one');
      expect((await registry.readKey(orders, password)).map((one) => one.value.reveal())).toEqual([
        'one',
        'two',
      ]);
    });

    test('any text comes back byte for byte', async () => {
      for (const text of [
        '',
        ' ',
        '\n',
        'zażółć 😀',
        '\u0000\u2028',
        'x'.repeat(256 * 1024),
        '\ufeffbom',
      ]) {
        await put('password', text);
        expect(await latest()).toBe(text);
      }
    });

    test('several writes are one commit, and each key has versions of its own', async () => {
      const written = await registry.write([
        write('orders', 'username', 'u'),
        write('orders', 'password', 'p'),
        write('orders', 'password', 'q'),
      ]);
      expect(written.map(({ key, version }) => `${key} ${version}`)).toEqual([
        'username 1',
        'password 1',
        'password 2',
      ]);
    });

    test('all or none: one condition that fails leaves nothing behind', async () => {
      await put('password', 'one');
      const refused = registry.write([
        write('orders', 'username', 'u'),
        { ...write('orders', 'password', 'x'), onlyOver: 'none' },
      ]);
      expect(await codeOf(refused)).toBe('version-moved-on');
      expect((await registry.listKeys(orders)).map((info) => info.key)).toEqual(['password']);
      expect(await latest()).toBe('one');
    });

    test.each([
      ['nothing there, none expected', 0, 'none', 'no error'],
      ['nothing there, a version expected', 0, 1, 'version-moved-on'],
      ['the expected version', 2, 2, 'no error'],
      ['an older version expected', 2, 1, 'version-moved-on'],
      ['something there, none expected', 1, 'none', 'version-moved-on'],
    ] as const)('a condition: %s', async (_, versions, onlyOver, code) => {
      for (let i = 0; i < versions; i += 1) await put('password', `value ${i}`);
      const condition = onlyOver === 'none' ? onlyOver : v(onlyOver);
      expect(
        await codeOf(
          registry.write([{ ...write('orders', 'password', 'new'), onlyOver: condition }]),
        ),
      ).toBe(code);
    });

    test.each([
      ['path', () => registry.read(path('other'), password, 'latest'), 'path-not-found'],
      ['key', () => registry.read(orders, name('pasword'), 'latest'), 'key-not-found'],
      ['version', () => registry.read(orders, password, v(9)), 'version-not-found'],
      ['path of a list', () => registry.listKeys(path('other')), 'path-not-found'],
      ['key of a list', () => registry.listVersions(orders, name('pasword')), 'key-not-found'],
      ['path of a delete', () => registry.delete({ path: path('other') }), 'path-not-found'],
      [
        'key of a delete',
        () => registry.delete({ path: orders, key: name('pasword') }),
        'key-not-found',
      ],
      [
        'version of a delete',
        () => registry.delete({ path: orders, key: password, version: v(9) }),
        'version-not-found',
      ],
      ['path of a restore', () => registry.restore({ path: path('other') }), 'path-not-found'],
      [
        'anything deleted to restore',
        () => registry.restore({ path: orders }),
        'nothing-to-restore',
      ],
    ])('without the %s the answer names it', async (_, ask, code) => {
      await put('password', 'one');
      expect(await codeOf(ask())).toBe(code);
    });

    test('names such as __proto__ and constructor are names like others', async () => {
      await put('constructor', 'c', '__proto__');
      expect(
        (await registry.read(path('__proto__'), name('constructor'), 'latest')).value.reveal(),
      ).toBe('c');
      expect(await codeOf(registry.read(path('toString'), password, 'latest'))).toBe(
        'path-not-found',
      );
    });

    test('readPath gives the latest of each key, or of the named ones', async () => {
      await put('password', 'p1');
      await put('password', 'p2');
      await put('username', 'u1');
      const shown = async (keys?: Parameters<Registry['readPath']>[1]) =>
        (await registry.readPath(orders, keys)).map((one) => `${one.key}=${one.value.reveal()}`);
      expect(await shown()).toEqual(['password=p2', 'username=u1']);
      expect(await shown([user, name('absent')])).toEqual(['username=u1']);
    });

    test('each key that readPath is asked for is audited once, also one that is not there', async () => {
      await put('password', 'p1');
      await put('password', 'p2');
      await put('username', 'u1');
      const before = (await collect(registry.audit())).length;
      const absent = name('absent');
      await registry.readPath(orders, [user, absent, user, password, absent]);
      await registry.readPath(path('nowhere'), [user, absent]);
      const events = (await collect(registry.audit())).slice(before, -1);
      const told = events.map(
        ({ subject, data: { methodName, result } }) =>
          `${methodName} ${subject.replace(/^.*\/secret=/, '')} ${result.status} ${result.count ?? ''}`,
      );
      expect(told.toSorted()).toEqual([
        'secret.Read nowhere/key=absent ok 0',
        'secret.Read nowhere/key=username ok 0',
        'secret.Read orders/key=absent ok 0',
        'secret.Read orders/key=password/version=2 ok ',
        'secret.Read orders/key=username/version=1 ok ',
      ]);
    });

    test('a value is asked whether it fits, and only what does not fit is told of it', async () => {
      await put('password', 'hunter2-canary@"old');
      await put('password', 'hunter2-canary@"');
      await put('username', 'alice');
      const absent = name('absent');
      const ask = (...questions: [typeof password, Surroundings][]) =>
        registry.checkValues(
          orders,
          questions.map(([key, surroundings]) => ({ key, surroundings })),
        );
      const before = (await collect(registry.audit())).length;
      expect(
        await ask(
          [password, 'url-password'],
          [password, 'jaas-double-quotes'],
          [password, 'url-password'],
          [password, 'connection-string'],
          [user, 'url-user'],
          [absent, 'url-user'],
        ),
      ).toEqual([
        { key: 'password', surroundings: 'url-password', obstacle: 'at' },
        { key: 'password', surroundings: 'jaas-double-quotes', obstacle: 'double-quote' },
        { key: 'password', surroundings: 'connection-string' },
        { key: 'username', surroundings: 'url-user' },
      ]);
      expect(
        await registry.checkValues(path('nowhere'), [{ key: user, surroundings: 'line' }]),
      ).toEqual([]);
      const events = (await collect(registry.audit())).slice(before, -1);
      expect(
        events.map(
          ({ subject, data: { methodName, authorizationInfo, result } }) =>
            `${methodName} ${authorizationInfo.operation} ${subject.replace(/^.*\/secret=/, '')} ${result.count ?? ''}`,
        ),
      ).toEqual([
        'secret.Check Read orders/key=password/version=2 ',
        'secret.Check Read orders/key=username/version=1 ',
        'secret.Check Read orders/key=absent 0',
        'secret.Check Read nowhere/key=username 0',
      ]);
      await registry.delete({ path: orders, key: password });
      expect(await ask([password, 'url-password'])).toEqual([]);
    });

    test('a deleted version is hidden, its number is not given again, restore brings it back', async () => {
      await put('password', 'one');
      await put('password', 'two');
      expect(
        (await registry.delete({ path: orders, key: password, version: v(2) })).map(
          (one) => one.version,
        ),
      ).toEqual([2]);
      expect(await latest()).toBe('one');
      expect(await codeOf(registry.read(orders, password, v(2)))).toBe('version-deleted');
      expect((await put('password', 'three')).map((one) => one.version)).toEqual([3]);
      await registry.restore({ path: orders, key: password, version: v(2) });
      expect((await registry.read(orders, password, v(2))).value.reveal()).toBe('two');
    });

    test('a second delete finds nothing, and a write after it goes on counting', async () => {
      await put('password', 'one');
      await registry.delete({ path: orders });
      expect(await codeOf(registry.delete({ path: orders }))).toBe('path-not-found');
      expect(await codeOf(registry.listKeys(orders))).toBe('path-not-found');
      expect((await put('password', 'two')).map((one) => one.version)).toEqual([2]);
      expect(
        (await registry.listVersions(orders, password)).versions.map((one) => one.version),
      ).toEqual([2]);
    });

    test('restore of a path undoes the last delete as a whole, and no earlier one', async () => {
      await put('password', 'one');
      await put('username', 'u');
      await put('password', 'two');
      await registry.delete({ path: orders, key: password, version: v(1) });
      await registry.delete({ path: orders });
      expect(
        (await registry.restore({ path: orders })).map((one) => `${one.key} ${one.version}`),
      ).toEqual(['password 2', 'username 1']);
      expect(await codeOf(registry.read(orders, password, v(1)))).toBe('version-deleted');
      await registry.restore({ path: orders });
      expect((await registry.read(orders, password, v(1))).value.reveal()).toBe('one');
    });

    test('deletes that were asked for at the same time are undone one at a time', async () => {
      await put('password', 'one');
      await put('username', 'u');
      await Promise.all([
        registry.delete({ path: orders, key: password }),
        registry.delete({ path: orders, key: user }),
      ]);
      expect((await registry.restore({ path: orders })).length).toBe(1);
    });

    test('a destroyed version is gone for good, hidden or not', async () => {
      await put('password', 'one');
      await put('password', 'two');
      await registry.delete({ path: orders, key: password, version: v(1) });
      await registry.delete({ path: orders, key: password }, { permanent: true });
      expect((await registry.listVersions(orders, password, { deleted: true })).versions).toEqual(
        [],
      );
      expect(await codeOf(registry.restore({ path: orders, key: password }))).toBe(
        'nothing-to-restore',
      );
      expect((await put('password', 'three')).map((one) => one.version)).toEqual([3]);
    });

    test('lists show deleted names only when asked', async () => {
      await put('password', 'one');
      await put('username', 'u', 'other');
      await registry.delete({ path: path('other') });
      expect((await registry.listPaths()).map((info) => info.path)).toEqual(['orders']);
      expect((await registry.listPaths({ deleted: true })).map((info) => info.path)).toEqual([
        'orders',
        'other',
      ]);
    });

    test('another process sees an acknowledged write at once, and counts on from it', async () => {
      const other = await harness.other();
      await put('password', 'one');
      expect((await other.read(orders, password, 'latest')).value.reveal()).toBe('one');
      await other.write([write('orders', 'password', 'two')]);
      expect(await latest()).toBe('two');
    });

    test('concurrent writes of two processes on one key get each number once', async () => {
      const other = await harness.other();
      const writes = Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? registry : other).write([write('orders', 'password', `value ${i}`)]),
      );
      const numbers = (await Promise.all(writes)).flat().map((one) => one.version);
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    });

    test('every request leaves its line, refused ones too, and no line holds a value', async () => {
      await put('password', 'hunter2-canary');
      await registry.read(orders, password, 'latest');
      await codeOf(registry.read(orders, password, v(7)));
      await codeOf(
        registry.write([{ ...write('orders', 'password', 'hunter3-canary'), onlyOver: 'none' }]),
      );
      await registry.listPaths();
      await registry.delete({ path: orders });
      await registry.restore({ path: orders });
      const events = await collect(registry.audit());
      expect(events.map(({ data }) => `${data.methodName} ${data.result.status}`)).toEqual([
        'registry.Init ok',
        'secret.Write ok',
        'secret.Read ok',
        'secret.Read version-not-found',
        'secret.Write version-moved-on',
        'secret.List ok',
        'secret.Delete ok',
        'secret.Restore ok',
        'audit.Read ok',
      ]);
      expect(JSON.stringify(events)).not.toContain('canary');
      expect(events[1]?.subject).toMatch(
        /^crn:\/\/\/secretreg=[0-9a-f]{32}\/secret=orders\/key=password\/version=1$/,
      );
    });

    test('the audit can be asked for one path and from a time on', async () => {
      await put('password', 'one');
      await put('password', 'one', 'other');
      const own = await collect(registry.audit({ path: path('other') }));
      expect(own.map(({ data }) => data.methodName)).toEqual(['secret.Write', 'audit.Read']);
      expect(await collect(registry.audit({ since: '2999-01-01T00:00:00.000Z' }))).toEqual([]);
    });

    test('metadata is set, merged member by member, and taken away with null', async () => {
      await put('password', 'one');
      expect(await registry.metadata(orders, password)).toEqual({});
      const set = { description: 'zażółć 😀', owner: 'team-a', tags: ['pci', 'eu'] };
      expect(await registry.setMetadata(orders, password, set)).toEqual(set);
      const more = { owner: 'team-b', expiresAt: '2030-01-01T02:00:00+02:00', rotateEveryDays: 90 };
      const all = { ...set, ...more, expiresAt: '2030-01-01T00:00:00.000Z' };
      expect(await registry.setMetadata(orders, password, more)).toEqual(all);
      expect(await registry.setMetadata(orders, password, {})).toEqual(all);
      expect(await registry.setMetadata(orders, password, { tags: null, owner: null })).toEqual({
        description: 'zażółć 😀',
        expiresAt: '2030-01-01T00:00:00.000Z',
        rotateEveryDays: 90,
      });
      expect(await registry.setMetadata(orders, password, { expiresAt: null, tags: [] })).toEqual({
        description: 'zażółć 😀',
        rotateEveryDays: 90,
      });
    });

    test('metadata belongs to the key: it survives new versions, a delete and a restore, and another process sees it', async () => {
      await put('password', 'one');
      await put('username', 'u');
      await registry.setMetadata(orders, password, { owner: 'team-a' });
      await put('password', 'two');
      await registry.delete({ path: orders, key: password, version: v(1) });
      await registry.delete({ path: orders, key: password, version: v(2) }, { permanent: true });
      expect(await codeOf(registry.metadata(orders, password))).toBe('key-not-found');
      expect(await codeOf(registry.setMetadata(orders, password, { owner: 'x' }))).toBe(
        'key-not-found',
      );
      await registry.restore({ path: orders });
      const other = await harness.other();
      expect(await other.metadata(orders, password)).toEqual({ owner: 'team-a' });
      expect((await other.listVersions(orders, password)).metadata).toEqual({ owner: 'team-a' });
      const listed = [await other.listKeys(orders), await other.listPaths()];
      for (const infos of listed)
        expect(infos.map(({ metadata }) => metadata)).toEqual([{ owner: 'team-a' }, {}]);
      expect((await put('password', 'three')).map((one) => one.version)).toEqual([3]);
    });

    test('metadata of what is not there is not there, and what is refused changes nothing', async () => {
      await put('password', 'one');
      const pasword = name('pasword');
      expect(await codeOf(registry.metadata(path('other'), password))).toBe('path-not-found');
      expect(await codeOf(registry.metadata(orders, pasword))).toBe('key-not-found');
      expect(await codeOf(registry.setMetadata(path('other'), password, { owner: 'x' }))).toBe(
        'path-not-found',
      );
      expect(await codeOf(registry.setMetadata(orders, pasword, { owner: 'x' }))).toBe(
        'key-not-found',
      );
      const wrong = [{ tags: ['a,b'] }, { owner: ' x', rotateEveryDays: 9 }, { owner: 'x\u0007' }];
      for (const changes of wrong)
        expect(await codeOf(registry.setMetadata(orders, password, changes))).toBe('bad-metadata');
      expect(await registry.metadata(orders, password)).toEqual({});
    });

    test('each request for metadata leaves its line, and none holds what was noted', async () => {
      await put('password', 'one');
      await registry.setMetadata(orders, password, {
        description: 'note-canary',
        tags: ['t-canary'],
      });
      await registry.metadata(orders, password);
      await codeOf(registry.setMetadata(orders, password, { owner: ' owner-canary' }));
      await codeOf(registry.metadata(orders, user));
      const events = await collect(registry.audit());
      expect(events.slice(2).map(({ data }) => `${data.methodName} ${data.result.status}`)).toEqual(
        [
          'secret.SetMetadata ok',
          'secret.GetMetadata ok',
          'secret.SetMetadata bad-metadata',
          'secret.GetMetadata key-not-found',
          'audit.Read ok',
        ],
      );
      expect(events[2]?.subject).toMatch(/\/secret=orders\/key=password$/);
      expect(JSON.stringify(events)).not.toContain('canary');
    });

    test('the audit can be asked for a key, a method, a stretch of time and what was refused', async () => {
      await put('password', 'one');
      await put('username', 'two');
      await put('password', 'three', 'other');
      await latest();
      await codeOf(registry.read(orders, user, v(7)));
      const asked = async (filter: AuditFilter) =>
        (await collect(registry.audit(filter))).map(({ data, subject }) =>
          [data.methodName, /\/secret=(.*)$/.exec(subject)?.[1] ?? '', data.result.status].join(
            ' ',
          ),
        );
      const ofKey = ['secret.Write orders/key=password/version=1 ok'];
      const read = 'secret.Read orders/key=password/version=1 ok';
      expect(await asked({ path: orders, key: password })).toEqual([
        ...ofKey,
        read,
        'audit.Read orders/key=password ok',
      ]);
      expect(await asked({ key: user })).toEqual([
        'secret.Write orders/key=username/version=1 ok',
        'secret.Read orders/key=username/version=7 version-not-found',
      ]);
      expect(await asked({ method: 'secret.Read', path: orders })).toEqual([
        read,
        'secret.Read orders/key=username/version=7 version-not-found',
      ]);
      expect(await asked({ key: name('passwor') })).toEqual([]);
      const events = await collect(registry.audit());
      const times = events.map(({ time }) => time);
      const [first = '', middle = ''] = [times[0], times[4]];
      expect(await asked({ until: first })).toEqual([]);
      const before = (await collect(registry.audit({ until: middle }))).map(({ time }) => time);
      expect(before).toEqual(times.filter((time) => time < middle));
      expect(await asked({ denied: true })).toEqual([]);
    });

    test('the audit can be followed: what comes later is told in its order, what does not fit is not', async () => {
      const ended = new AbortController();
      const begun = Promise.withResolvers<void>();
      const seen: string[] = [];
      const filter = { path: path('other'), method: 'secret.Write' } as const;
      const following = { until: ended.signal, begun: begun.resolve };
      const follow = async () => {
        for await (const { data } of registry.audit(filter, undefined, following)) {
          seen.push(`${data.methodName} ${data.result.version}`);
          if (seen.length === 3) ended.abort();
        }
      };
      const followed = follow();
      await begun.promise;
      const second = await harness.other();
      await put('password', 'one');
      await put('password', 'two', 'other');
      await second.write([write('other', 'password', 'three'), write('other', 'password', 'four')]);
      await followed;
      expect(seen).toEqual(['secret.Write 1', 'secret.Write 2', 'secret.Write 3']);
    });

    test('the audit can be asked for one principal', async () => {
      await put('password', 'one');
      const principal = (await collect(registry.audit())).at(-1)?.data.authenticationInfo.principal;
      expect(principal).toMatch(/^User:/);
      const own = await collect(registry.audit({ principal: principal ?? '' }));
      expect(own.at(-1)?.data.methodName).toBe('audit.Read');
      expect(await collect(registry.audit({ principal: 'User:nobody' }))).toEqual([]);
    });
  });
}
