// A server that is killed in the middle of its work, again and again: what it acknowledged is there, and of every request
// that it answered the audit knows.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registryFor } from '../../src/registry/registry.ts';
import { ServerProcess } from '../http/server-process.ts';
import { generator } from '../random.ts';
import { caller, key, name, path } from '../registry/fixture.ts';
import { onBothStores } from './both-stores.ts';
import { CommandLine, registryAt } from './command-line.ts';
import { openFile } from './rotation-registry.ts';
import { runningProcesses } from './running.ts';
import { type Answer, ask, initServed } from './served-registry.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 30);
const WRITERS = 32;
const KEYS = Array.from({ length: 8 }, (_, i) => `key${i}`);
/** Of answers in a round, at most, before the kill. */
const MOST_ANSWERS = 300;

interface Acknowledged {
  key: string;
  version: number;
  value: string;
}

onBothStores('a server that is killed under 32 writers', ({ newPlace }) => {
  const running = runningProcesses();
  const line = new CommandLine();
  let place: string;
  let token: string;
  const written: Acknowledged[] = [];
  const answered = new Set<string>();

  beforeAll(async () => {
    place = newPlace();
    token = await initServed(line, place);
  });
  afterAll(() => line.remove());

  test(`${ROUNDS} times`, async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const next = generator(seed);
    for (let round = 0; round < ROUNDS; round += 1) {
      const args = ['--registry', registryAt(place), '--log-level', 'warn'];
      const server = await ServerProcess.start(line.home, args, running);
      await readBack(server.url, round);
      await writeUntilKilled(server, round, 1 + Math.floor(next() * MOST_ANSWERS));
    }
    await verify();
    console.log(
      `SEED=${seed}: ${ROUNDS} kills, ${written.length} writes acknowledged, ${answered.size} requests answered`,
    );
  }, 600_000);

  /** What the server before acknowledged is what this one begins with. */
  async function readBack(url: string, round: number): Promise<void> {
    const latest = new Map<string, number>();
    for (const one of written) latest.set(one.key, Math.max(one.version, latest.get(one.key) ?? 0));
    for (const [one, version] of latest) {
      const { json } = await request(url, 'GET', one, `check-${round}-${one}`);
      expect((json as { version: number }).version).toBeGreaterThanOrEqual(version);
    }
  }

  async function writeUntilKilled(
    server: ServerProcess,
    round: number,
    enough: number,
  ): Promise<void> {
    let answers = 0;
    const writer = async (number: number): Promise<void> => {
      for (let i = 0; ; i += 1) {
        const value = `r${round}-w${number}-${i}`;
        const one = KEYS[(number + i) % KEYS.length] ?? '';
        const method = i % 4 === 3 ? 'GET' : 'POST';
        const answer = await request(server.url, method, one, value).catch(() => undefined);
        // Whoever got no answer, or half of one, knows nothing.
        if (answer === undefined) return;
        answered.add(value);
        answers += 1;
        if (answers === enough) server.child.kill('SIGKILL');
        if (method === 'GET') continue;
        expect(answer.status).toBe(200);
        const { version } = answer.json as { version: number };
        written.push({ key: one, version, value });
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    expect(await server.ended).toBe('SIGKILL');
  }

  /** By the process of the test itself, when no server is left. */
  async function verify(): Promise<void> {
    const { core, close } = await openFile(place, { key: key() });
    const registry = registryFor(core, caller);
    const stored = new Map<string, string>();
    for (const one of KEYS) {
      for (const { version, value } of await registry.readKey(path('orders'), name(one)))
        stored.set(`${one} ${version}`, value.reveal());
    }
    const known = new Set<string>();
    for await (const { data } of registry.audit()) known.add(data.request.requestId);
    await close();
    const numbers = written.map((one) => `${one.key} ${one.version}`);
    expect(new Set(numbers).size).toBe(numbers.length);
    const lost = written.filter((one) => stored.get(`${one.key} ${one.version}`) !== one.value);
    expect(lost).toEqual([]);
    expect([...answered].filter((id) => !known.has(id))).toEqual([]);
    expect(answered.size).toBeGreaterThan(ROUNDS * 10);
  }

  function request(url: string, method: string, one: string, id: string): Promise<Answer> {
    const versions = `${url}/secret/paths/orders/keys/${one}/versions`;
    return ask(method === 'GET' ? `${versions}/latest` : versions, token, method, {
      headers: { 'x-request-id': id },
      ...(method === 'POST' && { body: { secret: id } }),
    });
  }
});
