// A hash of a password costs a tenth of a second and 32 MiB: nobody makes the server spend them who may not set one.
import { afterEach, expect, test, vi } from 'vitest';
import * as passwords from '../../src/crypto/passwords.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import { caller, codeOf, collect, environment, init, openAs } from './fixture.ts';
import { callerWith } from './local-access.ts';

vi.mock('../../src/crypto/passwords.ts', async (original) => {
  const real = await original<typeof passwords>();
  return { ...real, hashPassword: vi.fn(real.hashPassword) };
});
afterEach(() => vi.mocked(passwords.hashPassword).mockClear());

const password = () => SecretValue.of('a long enough password');

async function opened() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  return { core, holder: accessAdminFor(core, caller) };
}

test('who may not set a password is refused before it is hashed, and that is audited', async () => {
  const { core, holder } = await opened();
  const { token } = await holder.createToken({ principal: user('mallory') });
  const mallory = accessAdminFor(core, callerWith(core, token));
  expect(await codeOf(mallory.setPassword(user('mallory'), password()))).toBe('not-allowed');
  expect(await codeOf(mallory.createUser(user('friend'), password()))).toBe('not-allowed');
  // A password that is too short tells nothing of what may be done.
  expect(await codeOf(mallory.createUser(user('friend'), SecretValue.of('short')))).toBe(
    'not-allowed',
  );
  await holder.revokeToken((await holder.tokens())[0]?.id ?? '');
  expect(await codeOf(mallory.setPassword(user('x'), password()))).toBe('not-authenticated');
  expect(passwords.hashPassword).not.toHaveBeenCalled();
  const events = await collect(registryFor(core, caller).audit());
  const told = events.map(({ data }) => [data.methodName, data.result.status]);
  expect(told.filter(([, status]) => status === 'not-allowed')).toHaveLength(3);
});

test('a few passwords are hashed at a time', async () => {
  const { holder } = await opened();
  const all = Array.from({ length: 6 }, (_, i) =>
    codeOf(holder.createUser(user(`u${i}`), password())),
  );
  const codes = await Promise.all(all);
  expect(codes.filter((code) => code === 'too-many-requests')).toHaveLength(2);
  expect(passwords.hashPassword).toHaveBeenCalledTimes(4);
});
