import { expect, test } from 'vitest';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { on, user } from '../contract/access.contract.ts';
import { caller, codeOf, collect, environment, init, openAs, write } from './fixture.ts';
import { callerWith } from './local-access.ts';

test('of a write to several paths the audit names the one that was not allowed', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  const holder = accessAdminFor(core, caller);
  const { token } = await holder.createToken({
    principal: user('bob'),
    grant: { role: 'DeveloperWrite', resource: on('own') },
  });
  const bob = registryFor(core, callerWith(core, token));
  const asked = bob.write([write('own', 'password', 'x'), write('payroll', 'password', 'x')]);
  expect(await codeOf(asked)).toBe('not-allowed');
  const line = (await collect(registry.audit())).at(-2);
  expect(line?.data.authorizationInfo).toMatchObject({ granted: false, resourceName: 'payroll' });
  const two = bob.write(['user', 'password'].map((key) => write('payroll', key, 'x')));
  expect(await codeOf(two)).toBe('not-allowed');
  expect((await collect(registry.audit())).at(-2)?.data.result).toMatchObject({ count: 2 });
});
