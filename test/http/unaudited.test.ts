// What cannot be audited is not answered.
import { expect, test } from 'vitest';
import type { Caller } from '../../src/domain/audit-event.ts';
import { SecretregError } from '../../src/errors.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { type MemoryFaults, MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { user } from '../contract/access.contract.ts';
import { caller, collect, environment, init, openAs, write } from '../registry/fixture.ts';
import { callerWith } from '../registry/local-access.ts';
import { serve } from './serving.ts';

const KEY = '/secret/paths/orders/keys/password';
const READS = [
  `${KEY}/versions/latest`,
  `${KEY}/versions/1`,
  KEY,
  '/secret/paths/orders',
  '/secret/paths/orders/keys',
  `${KEY}/versions`,
  `${KEY}/metadata`,
  '/secret/paths',
  '/access/whoami',
  '/access/grants',
  '/access/users',
  '/access/tokens',
  '/access/who-can?action=read&path=orders',
  '/audit',
  '/master-keys',
];

async function served(faults: MemoryFaults) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log, faults), env);
  await registry.write([write('orders', 'password', 'canary')]);
  const made = await accessAdminFor(core, caller).createToken({
    principal: user('bea'),
    grant: { role: 'SystemAdmin' },
  });
  const alice: Caller = callerWith(core, made.token);
  const it = await serve({
    registryFor: (one) => registryFor(core, one),
    accessFor: (one) => accessAdminFor(core, one),
    clock: core.clock,
  });
  it.callers.set('alice', alice);
  return { ...it, log, own: registry };
}

test.each(READS.filter((url) => url !== '/master-keys'))(
  'where no line can be written, GET %s is answered 50303 and without what was asked for',
  async (url) => {
    const { ask } = await served({ audits: ['fails-unwritten'] });
    const refused = await ask('GET', url, { as: 'alice' });
    expect([refused.status, refused.json]).toEqual([
      503,
      {
        error_code: 50303,
        message: new SecretregError('audit-unavailable', {
          reason: 'the store does not take its line',
        }).message,
      },
    ]);
    expect(refused.text).not.toContain('canary');
    expect((await ask('GET', url, { as: 'alice' })).status).toBe(200);
  },
);

test('nor is a refusal, which would tell what is there', async () => {
  const { ask } = await served({ audits: ['fails-unwritten'] });
  const refused = await ask('GET', `${KEY}/versions/7`, { as: 'alice' });
  expect(refused.json).toMatchObject({ error_code: 50303 });
});

test('a write that was not taken is 50302, and left nothing', async () => {
  const { ask, own } = await served({ commits: ['none', 'none', 'fails-unwritten'] });
  const refused = await ask('POST', `${KEY}/versions`, { as: 'alice', body: { secret: 'x' } });
  expect(refused.json).toMatchObject({ error_code: 50302 });
  const events = await collect(own.audit({ principal: 'User:bea' }));
  expect(events.map(({ data }) => data.methodName)).toEqual([]);
});
