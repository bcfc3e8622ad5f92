// What `externalize` stores where something is there already.
import { beforeEach, expect, test } from 'vitest';
import { storeSecrets } from '../../src/cli/stored-secrets.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { SecretregError } from '../../src/errors.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { codeOf, environment, init, name, openAs, path, v, write } from '../registry/fixture.ts';

let registry: Registry;

beforeEach(async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  ({ registry } = await openAs(new MemoryStore(log), env));
});

const secret = (key: string, value: string) => ({
  path: path('orders'),
  key: name(key),
  setting: 'x',
  reference: `\${secret:orders:${key}}`,
  value: SecretValue.of(value),
});

const stored = async (overwrite: boolean, ...secrets: ReturnType<typeof secret>[]) => {
  const { versions, written } = await storeSecrets(registry, secrets, { overwrite });
  return { written, ...Object.fromEntries(versions) };
};

test('what is there with the same value is not written again, and the rest is', async () => {
  await registry.write([write('orders', 'password', 'one')]);
  const [password, token] = [secret('password', 'one'), secret('token', 'two')];
  expect(await stored(false, password, token, password)).toEqual({
    written: 1,
    '${secret:orders:password}': 1,
    '${secret:orders:token}': 1,
  });
  expect(await stored(false, password, token)).toMatchObject({ written: 0 });
});

test('another value is a new version only where that is asked for, and without it nothing is written', async () => {
  await registry.write([write('orders', 'password', 'one')]);
  const secrets = [secret('token', 'two'), secret('password', 'other')];
  expect(await codeOf(stored(false, ...secrets))).toBe('secret-exists');
  expect((await registry.listKeys(path('orders'))).map(({ key }) => key)).toEqual(['password']);
  expect(await stored(true, ...secrets)).toMatchObject({
    written: 2,
    '${secret:orders:password}': 2,
  });
});

test('a secret that was deleted is written anew', async () => {
  await registry.write([write('orders', 'password', 'one')]);
  await registry.delete({ path: path('orders') });
  expect(await stored(false, secret('password', 'one'))).toMatchObject({
    '${secret:orders:password}': 2,
  });
});

test('who may write and not read is told that it exists, and may write over it', async () => {
  await registry.write([write('orders', 'password', 'one')]);
  const real = registry;
  const blind = new Proxy(real, {
    get: (target, member) =>
      member === 'read'
        ? async () => {
            throw new SecretregError('not-allowed', { principal: 'User:una', what: 'read' });
          }
        : (target[member as keyof Registry] as () => unknown).bind(target),
  });
  registry = blind;
  await expect(stored(false, secret('password', 'one'))).rejects.toThrow('may not read whether');
  expect(await stored(true, secret('password', 'one'))).toMatchObject({
    '${secret:orders:password}': 2,
  });
});

test('what somebody else has written in between is not written over', async () => {
  const behind = new Proxy(registry, {
    get: (target, member) =>
      member === 'listKeys'
        ? async () => {
            await target.write([write('orders', 'password', 'theirs')]);
            return [];
          }
        : (target[member as keyof Registry] as () => unknown).bind(target),
  });
  registry = behind;
  expect(await codeOf(stored(true, secret('password', 'ours')))).toBe('version-moved-on');
  expect((await registry.read(path('orders'), name('password'), v(1))).value.reveal()).toBe(
    'theirs',
  );
});

test('a value that is longer than one may be is refused, and nothing is stored', async () => {
  expect(await codeOf(stored(false, secret('password', 'x'.repeat(300_000))))).toBe(
    'value-too-large',
  );
});
