// Unique values, passwords and tokens through every route and its refusals; then everything that is left behind is searched
// for them, as they are and as base64, hex and percent encoding write them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CommandLine, registryAt } from '../process/command-line.ts';
import { runningProcesses } from '../process/running.ts';
import { search } from '../process/canaries/forms.ts';
import { ask, initServed } from '../process/served-registry.ts';
import { routes } from '../../src/http/routes/index.ts';
import { canaryRequests } from './canary-requests.ts';
import { ServerProcess } from './server-process.ts';

const running = runningProcesses();
const line = new CommandLine();
afterAll(() => line.remove());

const VALUE = 'canary-VALUE-Zq8/+~é';
const OTHER = 'canary-OTHER-kT3';
const PASSWORD = 'canary-PASSWORD-7mX';
const WRONG = 'canary-WRONG-p0W';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('no route is left out', () => {
  const asked = Object.keys(canaryRequests(() => ''));
  expect(asked.toSorted()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).toSorted());
});

test('no value, password or token is left in a log, an answer of refusal, the audit, a file or an argument', async () => {
  const file = join(line.home, 'registry.db');
  const token = await initServed(line, file);
  const args = ['--registry', registryAt(file), '--log-level', 'trace'];
  const server = await ServerProcess.start(line.home, args, running);
  const { url } = server;
  const answers: string[] = [];
  const to = async (
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
    as = token,
  ) => {
    const answer = await ask(url + path, as, method, options);
    answers.push(JSON.stringify(answer.json ?? ''), JSON.stringify([...answer.headers]));
    return answer;
  };
  const key = '/secret/paths/orders/keys/password';
  // Right ones. What answers with a value or token is not kept.
  await to('POST', `${key}/versions`, { body: { secret: VALUE } });
  await to('POST', '/secret/paths/orders', {
    body: { secrets: { username: OTHER, password: VALUE } },
  });
  await to('POST', '/secret/writes', {
    body: { writes: [{ path: 'x', key: 'k', secret: OTHER }] },
  });
  for (const path of [`${key}/versions/latest`, `${key}/versions/1`, key, '/secret/paths/orders'])
    expect((await ask(url + path, token, 'GET')).status).toBe(200);
  await to('POST', '/access/users', { body: { principal: 'User:bert', password: PASSWORD } });
  const made = await ask(`${url}/access/tokens`, token, 'POST', { body: {} });
  const { token: fresh } = made.json as { token: string };
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`bert:${password}`).toString('base64')}`,
  });
  await to('GET', '/access/whoami', { headers: basic(PASSWORD) });
  // Wrong ones.
  await to('GET', '/access/whoami', { headers: basic(WRONG) });
  await to('GET', '/access/whoami', {}, `${fresh.slice(0, -5)}AAAAA`);
  await to('GET', '/access/whoami', {}, WRONG);
  await to('POST', `${key}/versions`, { body: { secret: VALUE, more: OTHER } });
  await to('POST', `${key}/versions`, { body: { secret: [VALUE] } });
  await to('POST', `${key}/versions`, { body: VALUE });
  await to('POST', `${key}/versions`, { body: { secret: '${canary-MASK}' } });
  await to('POST', `${key}/versions`, { body: { secret: VALUE }, headers: { 'if-match': '"9"' } });
  await to('POST', `${key}/versions`, { body: { secret: VALUE + 'x'.repeat(300_000) } });
  await to('POST', '/access/users', { body: { principal: 'User:new', password: [PASSWORD] } });
  await to('PUT', '/access/users/User:bert/password', { body: { password: `${PASSWORD}\u0000` } });
  await to('POST', `${key}/versions`, { headers: { 'content-type': 'text/plain' } });
  const broken = await fetch(`${url}${key}/versions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: `{"secret": "${VALUE}", "secret": "${OTHER}"`,
  });
  answers.push(await broken.text());
  // Each route: asked well, without a right, and with more than it takes.
  const ofRoutes = new Map<string, string>();
  const statuses: string[] = [];
  const secret = (name: string) => {
    const text = ofRoutes.get(name) ?? `canary-route-${name}-/+~é"\\`;
    ofRoutes.set(name, text);
    return text;
  };
  for (const [route, { path, body, gives }] of Object.entries(canaryRequests(secret))) {
    const [method = ''] = route.split(' ');
    const options = body === undefined ? {} : { body };
    const { status } = await (gives
      ? ask(url + path, token, method, options)
      : to(method, path, options));
    statuses.push(`${route} ${status}`);
    await to(method, path, options, WRONG);
    if (body !== undefined) {
      await to(method, path, { body: { ...body, more: secret('UNKNOWN-MEMBER') } });
      await to(method, path, { body: secret('NO-OBJECT') });
    }
  }
  expect(statuses.filter((one) => !/ 20[0-9]$/.test(one))).toEqual([
    'GET /master-keys/rotation 404',
    'POST /master-keys/rotation 422',
    'DELETE /access/tokens/:id 404',
  ]);
  const env = {
    SECRETREG_REGISTRY: url,
    SECRETREG_TOKEN_FILE: line.file('the.token', `${token}\n`),
  };
  const ended = [
    await line.run(['put', 'orders', 'password', '-'], { env, input: VALUE }),
    await line.run(['put', 'orders', 'password', VALUE], { env }),
    await line.run(['put', 'orders', 'password', '--if-version', '1', '-'], { env, input: VALUE }),
    await line.run(['list', '--long'], { env }),
    await line.run(['audit', '-o', 'jsonl'], { env }),
    await line.run(['doctor'], { env }),
    await line.run(['whoami'], { env }),
  ];
  const got = await line.run(['get', 'orders', 'password'], { env });
  expect(got.stdout).toBe(VALUE);
  const places = new Map<string, string | Buffer>([
    ['answers', answers.join('\n')],
    ['the output of the server', [...server.stdout, ...server.told].join('\n')],
    ['its log', JSON.stringify(server.log)],
    ['its arguments', readFileSync(`/proc/${server.child.pid}/cmdline`)],
    [
      'metrics',
      await (
        await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
      ).text(),
    ],
    ['commands', ended.map(({ stdout, stderr }) => stdout + stderr).join('\n') + got.stderr],
  ]);
  expect(await server.stop()).toBe(0);
  for (const left of filesBelow(line.home)) {
    if (left.endsWith('the.token') || left.endsWith('master.key')) continue;
    places.set(left.slice(line.home.length), readFileSync(left));
  }
  const secrets = new Map([
    ...ofRoutes,
    ['VALUE', VALUE],
    ['OTHER', OTHER],
    ['PASSWORD', PASSWORD],
    ['WRONG', WRONG],
    ['MASK', 'canary-MASK'],
    ['the token', token.slice(-43)],
    ['the fresh token', fresh.slice(-43)],
  ]);
  const { hits, searches } = search(places, secrets);
  console.log(`${statuses.length} routes, ${places.size} places, ${searches} searches`);
  expect(hits).toEqual([]);
  expect(server.log.length).toBeGreaterThan(10);
  expect(places.size).toBeGreaterThan(6);
}, 60_000);
