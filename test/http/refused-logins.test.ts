// Refused log-ins on their way to the audit trail, where that is slow to come, or cannot be written.
import { expect, test } from 'vitest';
import type { RefusedLogins } from '../../src/http/credentials.ts';
import { refusedLoginsAudit } from '../../src/http/login/refused-logins.ts';
import { user } from '../contract/access.contract.ts';

const guess = {
  mechanism: 'basic',
  status: 'not-authenticated',
  clientAddress: '192.0.2.1',
  userAgent: 'test',
  requestId: 'request-1',
} as const;

/** Takes what it is given but for the first few, which fail; `times` resolves with that many taken. */
function trail(failures: number) {
  const taken: RefusedLogins[] = [];
  let left = failures;
  let wake = () => {};
  return {
    taken,
    failed: async (logins: RefusedLogins) => {
      left -= 1;
      if (left >= 0) throw new Error('the disk is full');
      taken.push(logins);
      wake();
    },
    async times(count: number) {
      while (taken.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return taken.map((one) => one.count);
    },
  };
}

test('the first is written before it is answered, the count when its time has come, by itself', async () => {
  const written = trail(0);
  const audit = refusedLoginsAudit(written, () => {}, 5);
  await audit.add(guess);
  expect(written.taken).toEqual([{ ...guess, count: 1 }]);
  await Promise.all([audit.add(guess), audit.add(guess), audit.add(guess)]);
  expect(await written.times(2)).toEqual([1, 3]);
  await audit.add(guess);
  expect(await written.times(3)).toEqual([1, 3, 1]);
});

test('each kind has a count of its own', async () => {
  const written = trail(0);
  const audit = refusedLoginsAudit(written, () => {}, 3_600_000);
  await audit.add(guess);
  await audit.add({ ...guess, mechanism: 'token' });
  await audit.add({ ...guess, clientAddress: '192.0.2.2' });
  await audit.add({ ...guess, clientAddress: '192.0.2.2' });
  await audit.close();
  expect(await written.times(4)).toEqual([1, 1, 1, 1]);
});

test('two tokens of one user are counted each under its id', async () => {
  const written = trail(0);
  const audit = refusedLoginsAudit(written, () => {}, 3_600_000);
  const of = (id: string) =>
    ({ ...guess, mechanism: 'token', principal: user('bea'), id }) as const;
  for (const id of ['a', 'b', 'b', 'b']) await audit.add(of(id));
  await audit.close();
  expect(written.taken.map(({ id, count }) => [id, count])).toEqual([
    ['a', 1],
    ['b', 1],
    ['b', 2],
  ]);
});

test('3,000 credentials are 1,000 lines and a count', async () => {
  const written = trail(0);
  const audit = refusedLoginsAudit(written, () => {}, 3_600_000);
  for (let i = 0; i < 3000; i += 1)
    await audit.add({ ...guess, principal: user('bea'), id: `${i}` });
  await audit.close();
  expect(written.taken).toHaveLength(1002);
  expect(written.taken.at(-1)).toMatchObject({ clientAddress: 'several addresses', count: 1999 });
});

test('what could not be written is told, stays counted, and is written later', async () => {
  const told: unknown[] = [];
  const written = trail(3);
  const audit = refusedLoginsAudit(written, (error) => told.push(error), 5);
  await audit.add(guess);
  expect(told).toHaveLength(1);
  await audit.add(guess);
  expect(await written.times(1)).toEqual([2]);
  expect(told).toHaveLength(3);
});
