import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import type { Caller } from '../../src/domain/audit-event.ts';
import { LiveRotation } from '../../src/registry/live-rotation.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import {
  caller,
  codeOf,
  collect,
  environment,
  init,
  key,
  name,
  openAs,
  path,
  write,
} from './fixture.ts';
import { callerWith, sessionOf } from './local-access.ts';

const given = { key: key(), accepted: [key(7)] };
const kidOf = (input: ReturnType<typeof key>) => (input.kind === 'bytes' ? input.key.kid : '');

async function served() {
  const log = new MemoryLog();
  const env = { ...environment(), random };
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env, given);
  await registry.write([write('orders', 'password', 'one'), write('orders', 'username', 'u')]);
  const live = new LiveRotation({
    core,
    keys: () => given,
    openStore: async () => new MemoryStore(log),
  });
  const as = async (role: 'SecurityAdmin' | 'UserAdmin'): Promise<Caller> => {
    const { access } = sessionOf(core, caller);
    const made = await access.createToken({ principal: user('sam'), grant: { role } });
    return callerWith(core, made.token);
  };
  return { log, env, core, registry, live, as };
}

test('a SecurityAdmin changes the key of a registry that is served meanwhile', async () => {
  const { core, live, as, registry } = await served();
  const sam = await as('SecurityAdmin');
  expect(await live.status(sam)).toBeUndefined();
  const begun = await live.start(sam, kidOf(key(7)));
  expect(begun).toMatchObject({ kid: kidOf(key(7)), state: 'running' });
  const [written] = await registry.write([write('orders', 'password', 'two')]);
  await live.settled();
  expect(await live.status(sam)).toMatchObject({ state: 'done' });
  expect(written?.version).toBe(2);
  expect((await registry.read(path('orders'), name('password'), 'latest')).value.reveal()).toBe(
    'two',
  );
  const counts = await live.keys(sam);
  expect(counts.map(({ kid, state, records }) => [kid, state, records > 0])).toEqual([
    [kidOf(key()), 'retired', false],
    [kidOf(key(7)), 'active', true],
  ]);
  const events = await collect(registryFor(core, caller).audit({ principal: 'User:sam' }));
  expect(
    events.flatMap(
      ({
        data: {
          methodName,
          authorizationInfo: { role },
        },
      }) => (methodName === 'masterKey.List' ? [] : [`${methodName} ${role}`]),
    ),
  ).toEqual([
    // That it was asked for, and that it has begun.
    'masterKey.Rotate SecurityAdmin',
    'masterKey.Rotate SecurityAdmin',
    'masterKey.Retire SecurityAdmin',
  ]);
});

test('to a key that the process was not given, it is refused', async () => {
  const { live } = await served();
  expect(await codeOf(live.start(caller, 'f'.repeat(32)))).toBe('master-key-not-held');
});

test('two changes at once, it is refused', async () => {
  const { live } = await served();
  await live.start(caller, kidOf(key(7)));
  expect(await codeOf(live.start(caller, kidOf(key(7))))).toBe('rotation-running');
  await live.settled();
});

test('without the right to it, it is refused', async () => {
  const { live, as } = await served();
  const una = await as('UserAdmin');
  expect(await codeOf(live.start(una, kidOf(key(7))))).toBe('not-allowed');
  expect(await codeOf(live.keys(una))).toBe('not-allowed');
});

test('a change that fails says why, and can be begun again', async () => {
  const { core, live: _, log } = await served();
  let broken = true;
  const live = new LiveRotation({
    core,
    keys: () => given,
    openStore: async () => {
      if (broken) throw Object.assign(new Error('away'));
      return new MemoryStore(log);
    },
  });
  await live.start(caller, kidOf(key(7)));
  await live.settled();
  expect(await live.status(caller)).toMatchObject({ state: 'failed', error: 'ours' });
  broken = false;
  await live.start(caller, kidOf(key(7)));
  await live.settled();
  expect(await live.status(caller)).toMatchObject({ state: 'done' });
});
