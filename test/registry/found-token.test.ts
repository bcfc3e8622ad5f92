// A token with a limit is given away, to a worker or a build: whoever finds it can do no more than its limit says.
import { expect, test } from 'vitest';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { on, user } from '../contract/access.contract.ts';
import { caller, codeOf, environment, init, openAs } from './fixture.ts';
import { callerWith } from './local-access.ts';

test('a token with a limit ends itself and those made with it, and no other of its owner', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const holder = accessAdminFor(core, caller);
  const full = await holder.createToken({ principal: user('bob') });
  const bob = accessAdminFor(core, callerWith(core, full.token));
  const limit = { role: 'DeveloperRead', resource: on('orders') } as const;
  const limited = await bob.createToken({ limit });
  const other = await bob.createToken({});
  const found = accessAdminFor(core, callerWith(core, limited.token));
  const child = await found.createToken({});

  expect((await found.tokens()).map(({ id }) => id)).toEqual([limited.id, child.id]);
  for (const { id } of [full, other])
    expect(await codeOf(found.revokeToken(id))).toBe('token-not-found');
  const below = accessAdminFor(core, callerWith(core, child.token));
  expect(await codeOf(below.revokeToken(limited.id))).toBe('token-not-found');
  await found.revokeToken(child.id);
  await found.revokeToken(limited.id);
  expect((await bob.tokens()).map(({ id }) => id)).toEqual([full.id, other.id]);
});
