// Answers that look like those of a registry and hold what no registry would say.
import { afterEach, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access.ts';
import { type Client, openClient } from '../../src/client/open-client.ts';
import { hasCode } from '../../src/errors.ts';
import { FalseServer, json } from './false-server.ts';

const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function clientOf(answer: unknown): Promise<Client> {
  const server = await FalseServer.start([json(answer)]);
  running.push(server);
  return openClient({ url: server.url, userAgent: 'secretreg/test' });
}

const TOKEN = `srt_0123456789abcdef_${'A'.repeat(43)}`;
const made = (token: unknown) => ({
  id: '0123456789abcdef',
  principal: 'User:alice',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'User:alice',
  expiresAt: '2026-02-01T00:00:00.000Z',
  token,
});

test('a token is one', async () => {
  const { access } = await clientOf(made(TOKEN));
  expect((await access.createToken({})).token.reveal()).toBe(TOKEN);
});

test.each([
  ['with escapes of a terminal', 'srt_\u001b]0;x\u0007'],
  ['with more behind it', `${TOKEN}\u001b[2J`],
  ['on two lines', `${TOKEN}\n`],
  ['of another length', TOKEN.slice(0, -1)],
  ['of another server', 'ghp_0123456789abcdef'],
  ['of no text', 7],
])('a token %s is none, and may count all the same', async (_, token) => {
  const { access } = await clientOf(made(token));
  await expect(access.createToken({})).rejects.toSatisfy((error) =>
    hasCode(error, 'outcome-unknown'),
  );
});

const granted = (patternType: string, name: string) => [
  {
    principal: 'User:alice' as Principal,
    role: 'DeveloperRead',
    resource: { patternType, name },
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'User:alice',
  },
];

test.each([
  ['LITERAL', '*'],
  ['LITERAL', 'orders'],
  ['PREFIXED', 'orders '],
])('%s %j is a pattern', async (patternType, name) => {
  const answer = granted(patternType, name);
  expect(await (await clientOf(answer)).access.grants()).toEqual(answer);
});

test.each([
  ['LITERAL', 'or\u001b[2Jders'],
  ['LITERAL', 'or\u202eders'],
  ['PREFIXED', '*'],
  ['PREFIXED', ''],
])('%s %j is none', async (patternType, name) => {
  const { access } = await clientOf(granted(patternType, name));
  await expect(access.grants()).rejects.toSatisfy((error) => hasCode(error, 'store-unavailable'));
});
