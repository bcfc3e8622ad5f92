// Requests with bytes changed, taken away, put in and said twice at random, to a real server by a raw socket. Whatever they
// are, the server answers in its own words, is not held, tells no value to who has not logged in, and goes on.
import { expect, test } from 'vitest';
import { cpuTime } from '../cpu-time.ts';
import { write } from '../registry/fixture.ts';
import { generator } from '../random.ts';
import { post, request, sendAll } from './raw.ts';
import { serve } from './serving.ts';

const RUNS = Number(process.env['SECRETREG_TEST_HOSTILE'] ?? 5000);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 16;
/** Of a processor, for so many requests. */
const MOST_MS = 2000;
const VALUE = 'the value';
const ORDERS = '/secret/paths/orders';
const KEY = `${ORDERS}/keys/password`;
const FILE = JSON.stringify({ files: [{ name: 'a.json', text: '{"name":"orders"}' }] });

const REQUESTS = [
  request(`GET ${KEY}/versions/latest`, ['Accept: application/json', 'Registry-Position: 1']),
  request(`GET ${ORDERS}?key=password&key=other`, ['Registry-Connector: orders%2Fsink']),
  request('GET /audit?path=orders&since=2026-01-01T00%3A00%3A00Z'),
  request(`DELETE ${ORDERS}/keys/other/versions/1?permanent=true`, ['If-Match: "1"']),
  post(`${KEY}/versions`, '{"secret":"hush"}', ['If-None-Match: *']),
  post(ORDERS, '{"secrets":{"user":"hush","more":"hush"}}'),
  post(`${KEY}/metadata`, '{"owner":"team","tags":["a"]}').replace('POST', 'PATCH'),
  post('/validate', FILE),
  post('/access/check', '{"action":"read","path":"orders"}'),
  request(
    `POST ${KEY}/versions`,
    ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
    '11\r\n{"secret":"hush"}\r\n0\r\n\r\n',
  ),
];

/** What means something to somebody on the way. */
const PIECES = [
  ...['\r\n', '\r\n\r\n', '\n', '\r', '\0', ' ', '\t', '/', '..', '%2e%2e', '%2F', '%', '%00', '?'],
  ...['&', '#', ':', ';', ',', '"', '\\', '{', '}', '[', ']', '__proto__', 'null', '1e999', '-1'],
  ...['Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Host: y\r\n', ' HTTP/1.1', '*'],
  ...['Expect: 100-continue\r\n', 'Connection: keep-alive\r\n', 'Upgrade: h2c\r\n', '\xff\xfe'],
];

function damaged(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length);
  const end = Math.min(bytes.length, at + 1 + Math.floor(random() * 20));
  const [before, part, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, end),
    bytes.subarray(end),
  ];
  const piece = Buffer.from(PIECES[Math.floor(random() * PIECES.length)] ?? '', 'latin1');
  const other = Buffer.from([Math.floor(random() * 256)]);
  const ways = [
    [before, other, bytes.subarray(at + 1)],
    [before, piece, bytes.subarray(at)],
    [before, piece, after],
    [before, after],
    [before, part, part, after],
    [before],
  ];
  return Buffer.concat(ways[Math.floor(random() * ways.length)] ?? []);
}

test(`${RUNS} damaged requests are answered in our words, and none is a fault (seed ${SEED})`, async () => {
  const random = generator(SEED);
  const { port, registry, log, ask } = await serve();
  await registry.write([write('orders', 'password', VALUE), write('orders', 'other', 'hush')]);
  const answered = new Map<number, number>();

  const attack = async () => {
    const isKnown = random() < 0.5;
    const whole = REQUESTS[Math.floor(random() * REQUESTS.length)] ?? '';
    let bytes: Buffer = Buffer.from(
      isKnown ? whole : whole.replace('Bearer holder', 'Bearer x'),
      'latin1',
    );
    for (let i = Math.floor(random() * 3); i >= 0; i -= 1) bytes = damaged(bytes, random);
    const { statuses, status, body } = await sendAll(port, bytes);
    const what = JSON.stringify(bytes.toString('latin1'));
    for (const one of statuses) answered.set(one, (answered.get(one) ?? 0) + 1);
    expect([what, statuses.filter((one) => one >= 500 && one !== 503)]).toEqual([what, []]);
    if (!isKnown) expect([what, body.includes(VALUE)]).toEqual([what, false]);
    if (statuses.length !== 1 || status < 400) return;
    const { error_code } = JSON.parse(body) as { error_code: number };
    expect([what, Math.floor(error_code / 100)]).toEqual([what, status]);
  };
  for (let done = 0; done < RUNS; done += AT_ONCE) {
    const begun = cpuTime();
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, RUNS - done) }, attack));
    expect(cpuTime() - begun).toBeLessThan(MOST_MS);
  }

  expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect((await ask('GET', '/secret/paths')).status).toBe(200);
  console.log(
    `SECRETREG_TEST_SEED=${SEED} answers: ${JSON.stringify(Object.fromEntries(answered))}`,
  );
  // Some came through, and most did not.
  expect(answered.get(200)).toBeGreaterThan(RUNS / 100);
  expect(answered.get(400)).toBeGreaterThan(RUNS / 100);
  expect(answered.get(401)).toBeGreaterThan(RUNS / 100);
}, 3_600_000);
