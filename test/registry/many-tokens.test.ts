// Anybody who logs in makes tokens of their own: however many there are, ending them is one pass.
import { afterEach, expect, test, vi } from 'vitest';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { Draft } from '../../src/registry/draft.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import { caller, codeOf, environment, init, openAs } from './fixture.ts';
import { callerWith } from './local-access.ts';

afterEach(() => vi.restoreAllMocks());

/** The draft of a request asks that of its commit. */
const ONE_PASS = 2;

async function opened() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const holder = accessAdminFor(core, caller);
  const made = await holder.createToken({ principal: user('mallory') });
  return { core, holder, made };
}

test('a token ends with a hundred that were made with it in one pass', async () => {
  const { core, holder, made } = await opened();
  const own = accessAdminFor(core, callerWith(core, made.token));
  await Promise.all(Array.from({ length: 100 }, () => own.createToken({})));
  expect((await holder.tokens()).length).toBe(101);
  const passes = vi.spyOn(Draft.prototype, 'accessRecords');
  await holder.revokeToken(made.id);
  expect(passes.mock.calls.length).toBeLessThanOrEqual(ONE_PASS);
  expect(await holder.tokens()).toEqual([]);
});

test('a new password ends those below the old one in one pass', async () => {
  const { core, holder } = await opened();
  const principal = user('bob');
  await holder.createUser(principal, SecretValue.of('the first password'));
  const id = core.state.access({ kind: 'user', principal })?.passwordId ?? '';
  const basic = { principal, credential: { mechanism: 'basic', id }, userAgent: '' } as const;
  const first = await accessAdminFor(core, basic).createToken({});
  await accessAdminFor(core, callerWith(core, first.token)).createToken({});
  const passes = vi.spyOn(Draft.prototype, 'accessRecords');
  await holder.setPassword(principal, SecretValue.of('the second password'));
  expect(passes.mock.calls.length).toBeLessThanOrEqual(ONE_PASS);
  expect((await holder.tokens()).map((one) => one.principal)).toEqual(['User:mallory']);
});

test('a line of tokens, each made with the one before, has an end', async () => {
  const { core, made } = await opened();
  let { token } = made;
  for (let length = 1; length < 16; length += 1)
    ({ token } = await accessAdminFor(core, callerWith(core, token)).createToken({}));
  const last = accessAdminFor(core, callerWith(core, token)).createToken({});
  expect(await codeOf(last)).toBe('bad-token');
});
