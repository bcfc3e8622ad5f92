// Whoever can write the log but has no key gives nobody a right: access records fail closed.
import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { on, user } from '../contract/access.contract.ts';
import { caller, codeOf, environment, init, name, openAs, path, v, write } from './fixture.ts';
import { callerWith, sessionOf } from './local-access.ts';

const GRANT = '["grant","User:eve","DeveloperRead","LITERAL","orders"]';

type Records = Map<string, Uint8Array>;

/** A registry in which eve, with a token, may read `orders` or not; then somebody writes into the log. */
async function attacked(
  { hasGrant }: { hasGrant: boolean },
  attack: (records: Records) => [string, Uint8Array | null][],
): Promise<string> {
  const log = new MemoryLog();
  const env = { ...environment(), random };
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one')]);
  const { access } = sessionOf(core, caller);
  const wanted = { principal: user('eve'), role: 'DeveloperRead', resource: on('orders') } as const;
  const { token } = await access.createToken({ principal: user('eve') });
  await access.grant(wanted);
  const records: Records = new Map(
    log.recordsAfter(0).flatMap(({ key, value }) => (value ? [[key, value] as const] : [])),
  );
  if (!hasGrant) await access.revoke(wanted);
  const forged = attack(records).map(([key, value]) => ({ key, value }));
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records: forged, audit: [] });
  // One that was open, and one that reads all of it.
  const codes = [];
  for (const one of [core, (await openAs(new MemoryStore(log), env)).core]) {
    const eve = sessionOf(one, callerWith(one, token));
    codes.push(await codeOf(eve.registry.read(path('orders'), name('password'), v(1))));
  }
  expect(codes[1]).toBe(codes[0]);
  return codes[0] ?? '';
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

test('with the grant she reads', async () => {
  expect(await attacked({ hasGrant: true }, () => [])).toBe('no error');
});

test.each<[string, (records: Records) => [string, Uint8Array | null][]]>([
  ['sent again as it was', (r) => [[GRANT, r.get(GRANT) ?? null]]],
  [
    'made of that of somebody else',
    (r) => [['["grant","User:eve","SystemAdmin"]', r.get(GRANT) ?? null]],
  ],
  [
    'with a commit number of its own',
    (r) => [[GRANT, bytes(text(r.get(GRANT)).replace(/"n":\d+/, '"n":99'))]],
  ],
  ['of nothing', () => [['["grant","User:eve","SystemAdmin"]', bytes('{}')]]],
])('a grant that was revoked, %s, counts no more', async (_, attack) => {
  expect(await attacked({ hasGrant: false }, attack)).toBe('path-not-found');
});

test('a user that was taken away takes its tokens with it', async () => {
  expect(await attacked({ hasGrant: true }, () => [['["user","User:eve"]', null]])).toBe(
    'not-authenticated',
  );
});

test('a grant that was spoilt counts no more', async () => {
  expect(await attacked({ hasGrant: true }, () => [[GRANT, bytes('{"n":99')]])).toBe(
    'path-not-found',
  );
});

test('a token whose owner was changed counts for nobody', async () => {
  const attack = (r: Records): [string, Uint8Array][] =>
    [...r].flatMap(([key, value]) =>
      key.startsWith('["token"') ? [[key, bytes(text(value).replace('User:eve', 'User:mal'))]] : [],
    );
  expect(await attacked({ hasGrant: true }, attack)).toBe('not-authenticated');
});
