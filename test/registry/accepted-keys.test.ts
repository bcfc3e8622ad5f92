// A process that is given the key that is coming, or going, works on before, in and after a change of the master key.
import { expect, test } from 'vitest';
import { parseMasterKey } from '../../src/crypto/master-key.ts';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { encodeRecord, unstamped } from '../../src/registry/records.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, v, write } from './fixture.ts';

const OLD = key(0);
const NEW = key(50);
const password = name('password');

async function registry() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env, OLD);
  const process = async (given: GivenKeys) => openAs(new MemoryStore(log), env, given);
  const { registry: first } = await process({ key: OLD });
  await first.write(
    Array.from({ length: 600 }, (_, i) => write(`path-${i}`, 'password', `value ${i}`)),
  );
  const rotation = (to = NEW) =>
    openRotation({ store: new MemoryStore(log), given: { key: OLD }, to, caller, ...env });
  return { log, process, rotation };
}

const valueOf = async (it: Awaited<ReturnType<typeof openAs>>, pathText: string) =>
  (await it.registry.read(path(pathText), password, 'latest')).value.reveal();

test.each([
  ['the old key, and accepts the new one', { key: OLD, accepted: [NEW] }],
  ['the new key, and accepts the old one', { key: NEW, accepted: [OLD] }],
])('a process with %s, reads and writes in every phase', async (_, given) => {
  const { process, rotation } = await registry();
  const own = await process(given);
  expect(await valueOf(own, 'path-1')).toBe('value 1');
  const running = await rotation();
  const meanwhile: Promise<unknown>[] = [];
  await running.run(({ done }) => {
    meanwhile.push(own.registry.write([write('meanwhile', 'password', `after ${done}`)]));
    meanwhile.push(valueOf(own, 'path-599'));
  });
  const answers = await Promise.all(meanwhile);
  expect(answers.filter((answer) => answer === 'value 599').length).toBeGreaterThan(2);
  await own.registry.write([write('path-1', 'password', 'changed')]);
  expect(await valueOf(own, 'path-1')).toBe('changed');
  expect(own.core.state.alarms).toEqual([]);
  const later = await process({ key: NEW });
  expect(later.core.state.alarms).toEqual([]);
  expect(await valueOf(later, 'path-1')).toBe('changed');
  expect(await valueOf(later, 'meanwhile')).toMatch(/^after \d+$/);
});

test('a record that was destroyed before its new key was known leaves no alarm', async () => {
  const { process, rotation } = await registry();
  const own = await process({ key: OLD, accepted: [NEW] });
  await (await rotation()).run();
  await own.core.store.catchUp();
  const other = await process({ key: NEW });
  await other.registry.delete({ path: path('path-7') }, { permanent: true });
  expect(await valueOf(own, 'path-1')).toBe('value 1');
  expect(own.core.state.alarms).toEqual([]);
});

test('a process that knows only the old key serves nothing and writes nothing once the change began', async () => {
  const { log, process, rotation } = await registry();
  const old = await process({ key: OLD });
  const running = await rotation();
  const seen: Promise<string>[] = [];
  await running.run(() => {
    seen.push(codeOf(valueOf(old, 'path-1')));
    seen.push(codeOf(old.registry.write([write('path-1', 'password', 'no')])));
  });
  // What was asked for at its last step may be decided after it.
  const codes = new Set(await Promise.all(seen));
  expect(codes).toContain('master-key-retiring');
  expect(
    [...codes].filter((code) => !code.endsWith('master-key') && code !== 'master-key-retiring'),
  ).toEqual([]);
  const lines = log.head().lastLine;
  expect(await codeOf(valueOf(old, 'path-1'))).toBe('wrong-master-key');
  expect(await codeOf(old.registry.write([write('path-1', 'password', 'no')]))).toBe(
    'wrong-master-key',
  );
  expect(log.head().lastLine).toBe(lines);
});

test('a passphrase is accepted once it was prepared', async () => {
  const parsed = parseMasterKey('a passphrase of this year');
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  const { process, rotation } = await registry();
  await (await rotation(parsed.value)).prepare();
  const own = await process({ key: OLD, accepted: [parsed.value] });
  await (await rotation(parsed.value)).run();
  expect(await valueOf(own, 'path-1')).toBe('value 1');
  await own.registry.write([write('path-1', 'password', 'changed')]);
  expect(await valueOf(await process({ key: parsed.value }), 'path-1')).toBe('changed');
});

test('records of before the change count no more, even where the old key is still accepted', async () => {
  const { log, process, rotation } = await registry();
  let before: { key: string; value: Uint8Array | null } | undefined;
  await new MemoryStore(log).open((record) => {
    if (record.key === '["secret","path-7","password",1]') before = record;
  });
  await (await rotation()).run();
  const own = await process({ key: NEW, accepted: [OLD] });
  const attacker = new MemoryStore(log);
  await attacker.open(() => undefined);
  const records = before === undefined ? [] : [before];
  await attacker.transact(() => ({ attemptId: 'x', n: 99, records, audit: [] }));
  expect(await codeOf(valueOf(own, 'path-7'))).toMatch(/^record-/);
  expect(await codeOf(valueOf(await process({ key: NEW, accepted: [OLD] }), 'path-7'))).toMatch(
    /^record-/,
  );
});

test('what was forged under the coming key, before the process took it, is found when it does', async () => {
  const { log, process, rotation } = await registry();
  const own = await process({ key: OLD, accepted: [NEW] });
  await (await rotation()).run();
  await own.core.store.catchUp();
  const forged = log
    .recordsAfter(0)
    .filter(({ key }) => key === '["secret","path-7","password",1]')
    .map(({ key, value }) => ({
      key,
      value: Buffer.from(String(Buffer.from(value ?? [])).replace(/"n":\d+/, '"n":99')),
    }));
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records: forged, audit: [] });
  await own.core.store.catchUp();
  expect(forged).toHaveLength(1);
  expect(await codeOf(valueOf(own, 'path-7'))).toBe('record-not-authentic');
  expect(await valueOf(own, 'path-8')).toBe('value 8');
});

test('the old key writes nothing into a process that followed the change from it, once that is done', async () => {
  const { log, process, rotation } = await registry();
  const own = await process({ key: OLD, accepted: [NEW] });
  const running = await rotation();
  const meanwhile: Promise<string>[] = [];
  await running.run(() => meanwhile.push(valueOf(own, 'path-7')));
  expect(new Set(await Promise.all(meanwhile))).toEqual(new Set(['value 7']));
  await own.core.catchUp();
  const entry = own.core.state.entry(path('path-7'), password)?.versions.get(v(1));
  const stolen = entry !== undefined && 'record' in entry ? unstamped(entry.record) : undefined;
  if (stolen === undefined || OLD.kind !== 'bytes') throw new Error('there is no record');
  const stamp = { n: 99, masterKey: OLD.key, storeId: own.core.storeId };
  const forged = encodeRecord(
    { kind: 'secret', path: path('path-7'), key: password, version: v(1) },
    { ...stolen, state: 'deleted' },
    stamp,
  );
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records: [forged], audit: [] });
  expect(await codeOf(valueOf(own, 'path-7'))).toBe('record-under-unknown-key');
});
