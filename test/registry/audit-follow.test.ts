// A trail that is followed while others write it.
import { expect, test } from 'vitest';
import { auditedEvents } from '../../src/registry/audit-read.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, write } from './fixture.ts';

async function filled() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const other = await openAs(new MemoryStore(log), env);
  return { log, env, core, other: other.registry };
}

/** What is shown while the rounds are run one after another, each when all before was shown. */
async function followed(
  core: Awaited<ReturnType<typeof filled>>['core'],
  rounds: (() => Promise<unknown>)[],
  filter = {},
): Promise<{ shown: string[]; end: string }> {
  const shown: string[] = [];
  const next = async () => {
    const round = rounds.shift();
    if (round === undefined) throw Object.assign(new Error(), { code: 'the last round' });
    await round();
    return true;
  };
  const follow = async () => {
    const options = { tell: () => undefined, next };
    for await (const { data } of auditedEvents(core, caller, filter, options))
      shown.push(`${data.methodName} ${data.result.status}`);
  };
  return { end: await codeOf(follow()), shown };
}

test('each request is shown once, in its order, and the one that follows is one of them', async () => {
  const { core, other } = await filled();
  const rounds = [
    () => other.write([write('orders', 'password', 'one'), write('orders', 'user', 'two')]),
    async () => undefined,
    () => codeOf(other.read(path('orders'), name('nothing'), 'latest')),
  ];
  expect(await followed(core, rounds)).toEqual({
    shown: [
      'registry.Init ok',
      'audit.Read ok',
      'secret.Write ok',
      'secret.Write ok',
      'secret.Read key-not-found',
    ],
    end: 'the last round',
  });
});

test('the filter holds for what comes later too', async () => {
  const { core, other } = await filled();
  const rounds = [
    () => other.write([write('orders', 'password', 'one')]),
    () => other.write([write('other', 'password', 'one')]),
  ];
  const { shown } = await followed(core, rounds, { path: path('other') });
  expect(shown).toEqual(['audit.Read ok', 'secret.Write ok']);
});

test('whose master key is not the active one any more follows no further', async () => {
  const { log, env, core } = await filled();
  const rotate = async () => {
    const options = { store: new MemoryStore(log), given: { key: key() }, caller, ...env };
    await (await openRotation({ ...options, to: key(50) })).run();
  };
  const { end } = await followed(core, [rotate]);
  expect(end).toBe('wrong-master-key');
});
