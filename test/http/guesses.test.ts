// Ways around the ten guesses a minute.
import { expect, test } from 'vitest';
import { Attempts } from '../../src/http/login/attempts.ts';
import { Logins } from './logins.ts';

test('names that were tried and cost nothing push no other name out', () => {
  const attempts = new Attempts(() => 0);
  for (let i = 0; i < 10; i += 1) attempts.begin('192.0.2.1 User:alice');
  // The queue was full: each was refused before it was verified.
  for (let i = 0; i < 10_001; i += 1) attempts.begin(`192.0.2.1 User:${i}`)();
  expect(() => attempts.require('192.0.2.1 User:alice')).toThrow(/10 log-ins/);
});

test('addresses of one IPv6 network share the ten', async () => {
  const logins = await Logins.start();
  await logins.password('alice', 'correct horse battery');
  const from = (address: string, word: string) => logins.basic('alice', word, address);
  const guesses = Array.from({ length: 10 }, (_, i) =>
    from(`2001:db8:1:2::${i + 1}`, `guess ${i}`),
  );
  await Promise.all(guesses);
  expect(await from('2001:db8:1:2:ffff::9', 'correct horse battery')).toMatch(/^42901/);
  expect(await from('2001:db8:1:3::1', 'correct horse battery')).toBe('User:alice');
  expect(await from('::ffff:192.0.2.1', 'correct horse battery')).toBe('User:alice');
  expect(await from('fe80::1%eth0', 'correct horse battery')).toBe('User:alice');
});

test('log-ins that are refused for their number are counted in the audit trail, without their name', async () => {
  const logins = await Logins.start();
  await logins.password('alice', 'correct horse battery');
  const from = (word: string) => logins.basic('alice', word, '192.0.2.1');
  for (let i = 0; i < 10; i += 1) expect(await from(`guess ${i}`)).toMatch(/^40101/);
  for (let i = 0; i < 5; i += 1) expect(await from('correct horse battery')).toMatch(/^42901/);
  await logins.authentication.close();
  const told = (await logins.audited()).map(({ authenticationInfo, result }) => [
    authenticationInfo.principal,
    result.status,
    result.count,
  ]);
  expect(told).toEqual([
    ['User:alice', 'not-authenticated', 1],
    ['User:ANONYMOUS', 'too-many-requests', 1],
    ['User:alice', 'not-authenticated', 9],
    ['User:ANONYMOUS', 'too-many-requests', 4],
  ]);
  expect(
    logins.told.filter((it) => it.kind === 'refused' && /10 log-ins/.test(it.reason)),
  ).toHaveLength(5);
});
