// Record bytes are for ever: these lines never change once a version is released.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyPassword } from '../../src/crypto/passwords.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { passwordOf } from '../../src/registry/credentials.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { below, on, user } from '../contract/access.contract.ts';
import { callerWith, sessionOf } from './local-access.ts';
import { decodeRecord, parseRecordKey } from '../../src/registry/records.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, environment, init, key, name, openAs, path, v, write } from './fixture.ts';

const GOLDEN = 'fixtures/records/golden.jsonl';
const ACCESS_GOLDEN = 'fixtures/records/access.jsonl';

test('init, writes, a delete and a destroyed version give these bytes', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one'), write('é/日本', 'user', '')]);
  await registry.write([write('orders', 'password', 'two')]);
  await registry.delete({ path: path('orders'), key: name('password'), version: v(1) });
  await registry.delete({ path: path('é/日本') }, { permanent: true });
  const records = log
    .recordsAfter(0)
    .map(
      ({ key, value }) => `${key}\t${value === null ? 'null' : new TextDecoder().decode(value)}`,
    );
  const audit = Array.from({ length: log.auditLength }, (_, i) => `audit\t${log.auditLine(i + 1)}`);
  const actual = `${[...records, ...audit].join('\n')}\n`;
  if (process.env['UPDATE_GOLDENS']) writeFileSync(GOLDEN, actual);
  expect(actual).toBe(readFileSync(GOLDEN, 'utf8'));
});

test('grants, users and tokens give these bytes', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const { access } = sessionOf(core, caller);
  const from = core.state.lastN;
  await access.createUser(user('alice'), SecretValue.of('correct horse battery'));
  await access.grant({
    principal: user('alice'),
    role: 'DeveloperRead',
    resource: below('orders-'),
  });
  await access.createToken({
    principal: user('alice'),
    expiresAt: '2099-01-01T00:00:00.000Z',
    description: 'CI',
    grant: { role: 'Operator' },
    limit: { role: 'DeveloperRead', resource: on('orders-eu') },
  });
  const lines = log
    .recordsAfter(0)
    .map(({ key, value }) => `${key}\t${new TextDecoder().decode(value ?? undefined)}`)
    .filter((line) => /^\["(?:grant|user|token)"/.test(line));
  expect(core.state.lastN).toBe(from + 3);
  const actual = `${lines.join('\n')}\n`;
  if (process.env['UPDATE_GOLDENS']) writeFileSync(ACCESS_GOLDEN, actual);
  expect(actual).toBe(readFileSync(ACCESS_GOLDEN, 'utf8'));
});

test('after a change of the master key passwords open, and tokens and grants count', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  const { access } = sessionOf(core, caller);
  await access.createUser(user('alice'), SecretValue.of('correct horse battery'));
  const made = await access.createToken({ principal: user('alice'), grant: { role: 'Operator' } });
  const rotation = await openRotation({
    store: new MemoryStore(log),
    given: { key: key() },
    to: key(7),
    caller,
    ...env,
  });
  await rotation.run();
  const after = (await openAs(new MemoryStore(log), env, { key: key(7) })).core;
  expect(
    await verifyPassword(
      (await passwordOf(after, user('alice')))?.phc ?? '',
      'correct horse battery',
    ),
  ).toBe(true);
  const who = await sessionOf(after, callerWith(after, made.token)).access.whoami();
  expect(who.grants).toEqual([{ role: 'Operator' }]);
});

test.each([
  ['without an end', '', true],
  ['with the end that its value says', '"expiresAt":"2030-01-01T00:00:00.000Z",', true],
  ['with an end that is no text', '"expiresAt":1,', false],
])('a version %s is a record: %s', (_, end, isOne) => {
  const text = `{"createdAt":"a","createdBy":"b",${end}"kid":"c","mac":"d","n":1,"sealed":"e","state":"enabled"}`;
  expect(decodeRecord('secret', new TextEncoder().encode(text)).ok).toBe(isOne);
});

test.each([
  ['["grant","User:alice","Operator"]', true],
  ['["grant","User:alice","DeveloperRead","LITERAL","orders"]', true],
  ['["grant","User:alice","DeveloperRead","LITERAL","*"]', true],
  ['["grant","User:alice","DeveloperRead","PREFIXED","*"]', false],
  ['["grant","User:alice","DeveloperRead"]', false],
  ['["grant","User:alice","DeveloperRead","LITERAL","orders",1]', false],
  ['["grant","User:alice","Operator","LITERAL","orders"]', false],
  ['["grant","alice","Operator"]', false],
  ['["grant","User:alice","operator"]', false],
  ['["user","User:alice"]', true],
  ['["user","alice"]', false],
  ['["user","User:alice",1]', false],
  ['["token","0123456789abcdef"]', true],
  ['["token","0123456789ABCDEF"]', false],
  ['["token","short"]', false],
  ['["registry"]', true],
  ['["secret","orders","password",1]', true],
  ['["key","é/日本","user"]', true],
  ['["secret","orders","password","1"]', false],
  ['["secret","orders","password",0]', false],
  ['["secret","orders","password",1.5]', false],
  ['["secret","orders","password",9007199254740992]', false],
  ['["secret","orders","password", 1]', false],
  ['["secret","..","password",1]', false],
  ['["secret","orders","1password",1]', false],
  ['["secret","\\u006frders","password",1]', false],
  ['["registry",1]', false],
  ['{"a":1}', false],
  ['registry', false],
  ['', false],
])('record key %s is ours: %s', (text, ours) => {
  expect(parseRecordKey(text) !== undefined).toBe(ours);
});
