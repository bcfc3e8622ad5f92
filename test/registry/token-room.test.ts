// Anybody makes tokens of their own: how many there are has an end, and those that have ended make room.
import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import { caller, codeOf, environment, init, openAs } from './fixture.ts';
import { callerWith, sessionOf } from './local-access.ts';

test('a thousand tokens, and one more when one of them is revoked or has ended', async () => {
  const log = new MemoryLog();
  let now = Date.UTC(2026, 0, 1);
  const env = { ...environment(), random, clock: () => new Date(now) };
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const holder = sessionOf(core, caller);
  const first = await holder.access.createToken({ principal: user('alice') });
  const { access } = sessionOf(core, callerWith(core, first.token));
  const soon = new Date(now + 60_000).toISOString();
  const made = await Promise.all(
    Array.from({ length: 999 }, (_, i) => access.createToken(i < 10 ? { expiresAt: soon } : {})),
  );
  expect(await codeOf(access.createToken({}))).toBe('bad-token');
  expect(await codeOf(holder.access.createToken({ principal: user('bob') }))).toBe('no error');
  await access.revokeToken(made[20]?.id ?? '');
  expect(await codeOf(access.createToken({}))).toBe('no error');
  expect(await codeOf(access.createToken({}))).toBe('bad-token');
  now += 60_000;
  expect(await codeOf(access.createToken({}))).toBe('no error');
  expect((await access.tokens()).length).toBe(991);
});
