// What a caller writes freely goes into the trail in bounds, or not at all.
import { expect, test } from 'vitest';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, collect, environment, init, openAs } from './fixture.ts';

async function opened() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  return openAs(new MemoryStore(log), env);
}

test('a user agent is cut, and its control characters are escaped', async () => {
  const { core, registry } = await opened();
  const chatty = { ...caller, userAgent: `a\u009b31m${'x'.repeat(16_000)}` };
  await registryFor(core, chatty).paths();
  const events = await collect(registry.audit());
  const { userAgent = '' } = events.at(-2)?.data.request ?? {};
  expect(userAgent).toMatch(/^a\\u\{9b\}31mx+$/i);
  expect(userAgent).toHaveLength(200);
});

test('a token that is given in place of its id is not in the trail', async () => {
  const { core, registry } = await opened();
  const access = accessAdminFor(core, caller);
  const { token } = await access.createToken({});
  const refused = access.revokeToken(token.reveal());
  await expect(refused).rejects.toThrow(/^there is no token of this id$/);
  const events = await collect(registry.audit());
  expect(events.at(-2)?.data.methodName).toBe('access.RevokeToken');
  expect(JSON.stringify(events)).not.toContain(token.reveal().slice(-43));
});
