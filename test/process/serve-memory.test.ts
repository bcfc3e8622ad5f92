// A server under mixed load for as long as it takes: its memory grows by what was written into its registry, which it holds,
// and by nothing else. At release size that is five minutes.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { CommandLine } from './command-line.ts';
import { runningProcesses } from './running.ts';
import { initServed } from './served-registry.ts';
import { type Memory, memoryOf, MiB, mib, TELLING_MEMORY } from './told-memory.ts';

const SECONDS = process.env['SECRETREG_TEST_SIZE'] === 'release' ? 300 : 6;
const CLIENTS = 16;
const KEYS = 40;
/** Of the registry's records, in memory: the budget of a version. */
const TIMES_ITS_RECORDS = 4;
/** What compiled code, counters and caches of a fixed size still take after the warm-up. */
const ALLOWED_HEAP = 3 * MiB;
/** Pages that V8 and malloc keep for the next time: they do not grow with the time that the load lasts. */
const ALLOWED_RSS = 48 * MiB;

interface Held extends Memory {
  /** Bytes of the records in the file. */
  records: number;
}

const running = runningProcesses();
const line = new CommandLine();
afterAll(() => line.remove());

test(`the memory of a server is flat over ${SECONDS} s of load`, async () => {
  const file = `${line.home}/registry.db`;
  const token = await initServed(line, file);
  const args = ['--log-level', 'warn'];
  const server = await ServerProcess.start(line.home, args, running, TELLING_MEMORY);
  await load(server.url, token, SECONDS / 3);
  const begin = await heldBy(server, file);
  const samples: Held[] = [];
  let requests = 0;
  for (let i = 0; i < 4; i += 1) {
    requests += await load(server.url, token, SECONDS / 4);
    samples.push(await heldBy(server, file));
  }
  const end = samples.at(-1) ?? begin;
  const told = [begin, ...samples].map(
    ({ heapUsed, rss, records }) => `${mib(heapUsed)}/${mib(rss)}/${mib(records)}`,
  );
  console.log(`${requests} requests; heap/rss/records in MiB: ${told.join(' ')}`);
  const bound = TIMES_ITS_RECORDS * (end.records - begin.records);
  expect(end.heapUsed - begin.heapUsed).toBeLessThan(bound + ALLOWED_HEAP);
  expect(end.rss - begin.rss).toBeLessThan(bound + ALLOWED_RSS);
  expect(requests).toBeGreaterThan(100);
  expect(await server.stop()).toBe(0);
}, 600_000);

/** Answers the number of requests; each has to end as it should. */
async function load(url: string, token: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let requests = 0;
  const client = async (number: number): Promise<void> => {
    for (let i = number; performance.now() < until; i += 1) {
      const [status, method, path, body, as = token] = MIX[i % MIX.length]?.(i) ?? [];
      const answer = await fetch(`${url}${path}`, {
        method: method ?? 'GET',
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body }),
      });
      await answer.arrayBuffer();
      if (answer.status !== status && answer.status !== 404)
        throw new Error(`${method} ${path}: ${answer.status}`);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return requests;
}

type Asked = [status: number, method: string, path: string, body?: string | undefined, as?: string];

const keyOf = (i: number) => `/secret/paths/path-${i % 8}/keys/key${i % KEYS}`;
const write = (i: number): Asked => [200, 'POST', `${keyOf(i)}/versions`, '{"secret":"a value"}'];
const read = (i: number): Asked => [200, 'GET', `${keyOf(i)}/versions/latest`];

const MIX: readonly ((i: number) => Asked)[] = [
  write,
  read,
  read,
  () => [200, 'GET', '/secret/paths'],
  read,
  (i) => [200, 'GET', `/secret/paths/path-${i % 8}/keys`],
  write,
  (i) => [200, 'DELETE', `${keyOf(i)}/versions/${1 + (i % 7)}`],
  read,
  (i) => [
    401,
    'GET',
    '/secret/paths',
    undefined,
    `srt_${String(i).padStart(16, '0')}_${'A'.repeat(43)}`,
  ],
  (i) => [400, 'POST', `${keyOf(i)}/versions`, `{"secret":${i}`],
  (i) => [422, 'GET', `/secret/paths/path-1/keys/${i}key/versions/latest`],
  () => [200, 'GET', '/metrics'],
];

async function heldBy(server: ServerProcess, file: string): Promise<Held> {
  const memory = await memoryOf(server);
  const database = new DatabaseSync(file, { readOnly: true });
  const sql = 'SELECT sum(length(record_key) + length(value)) AS bytes FROM records';
  const records = Number(database.prepare(sql).get()?.['bytes']);
  database.close();
  return { ...memory, records };
}
