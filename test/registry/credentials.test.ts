// What an authenticator is told of a token, before anybody looks at its secret.
import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { passwordOf, tokenOf } from '../../src/registry/credentials.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import { caller, environment, init, openAs } from './fixture.ts';
import { callerWith, sessionOf } from './local-access.ts';

async function twoProcesses() {
  const log = new MemoryLog();
  const env = { ...environment(), random };
  await init(new MemoryStore(log), env);
  const open = async () => (await openAs(new MemoryStore(log), env)).core;
  return { one: await open(), other: await open() };
}

test('a token that another process has made is known at once', async () => {
  const { one, other } = await twoProcesses();
  const made = await sessionOf(one, caller).access.createToken({ principal: user('alice') });
  expect(await tokenOf(other, made.id)).toMatchObject({ principal: 'User:alice' });
});

test('a token whose parent is gone is not known, even where its record was left', async () => {
  const { one } = await twoProcesses();
  const { access } = sessionOf(one, caller);
  const parent = await access.createToken({ principal: user('alice') });
  const child = await sessionOf(one, callerWith(one, parent.token)).access.createToken({});
  expect(await tokenOf(one, child.id)).toBeDefined();
  await one.change({
    caller,
    subject: { method: 'access.RevokeToken' },
    run: (draft) => {
      draft.putAccess({ kind: 'token', id: parent.id }, null);
      return { result: undefined };
    },
  });
  expect(await tokenOf(one, child.id)).toBeUndefined();
});

test('a password that another process has changed is the new one at once', async () => {
  const { one, other } = await twoProcesses();
  const { access } = sessionOf(one, caller);
  await access.createUser(user('alice'), SecretValue.of('the first password'));
  const first = await passwordOf(other, user('alice'));
  await access.setPassword(user('alice'), SecretValue.of('the second password'));
  const second = await passwordOf(other, user('alice'));
  expect(second?.id).not.toBe(first?.id);
  expect(second?.position).toBeGreaterThan(first?.position ?? 0);
  expect(await passwordOf(one, user('nobody'))).toBeUndefined();
});
