// A server that answers for a long time, beside one that is stopped, killed and started anew, while certificates and master
// keys are changed: nothing that was acknowledged is lost, of all that was answered the audit trail knows, and the first server
// holds no more memory and no more descriptors than the one that has just begun. What grows with the requests that a server
// has answered shows there, whatever the registry holds. At release size that is a quarter of an hour on each store.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registryFor } from '../../src/registry/registry.ts';
import { Authority } from '../http/certificates.ts';
import { ServerProcess } from '../http/server-process.ts';
import { caller, key, keyText } from '../registry/fixture.ts';
import { onBothStores } from './both-stores.ts';
import { CommandLine, registryAt } from './command-line.ts';
import { contentUnder, openFile } from './rotation-registry.ts';
import { runningProcesses } from './running.ts';
import { initServed } from './served-registry.ts';
import { Load, type Node } from './soak-load.ts';
import { memoryOf, MiB, mib, TELLING_MEMORY } from './told-memory.ts';

const IS_RELEASE = process.env['SECRETREG_TEST_SIZE'] === 'release';
/** In each, the other server is killed and stopped, and the certificate and the master key are changed. */
const ROUNDS = IS_RELEASE ? 9 : 1;
const TURNS = IS_RELEASE ? 5000 : 400;
/** Before a server is held against another one. */
const WARM_UP = 200;
/** Requests that a busy machine may hold up until their time is over; each is told that nothing was done. */
const MOST_REFUSED = (ROUNDS * TURNS) / 200;
/** A server that does not stop is not waited for without end. */
const TIMEOUT_MS = IS_RELEASE ? 3_600_000 : 180_000;
/**
 * What compiled code and what is known of its types take more in a server that has run for longer: 1 to 3.2 MiB, with 400 turns
 * as with 45,000, and in one round as in 27.
 */
const ALLOWED_HEAP = 4 * MiB;
/** As much as one answer to a fetch may bring, which is kept until the next one. */
const ALLOWED_BUFFERS = 8 * MiB;
/**
 * Of pages that V8 and malloc keep for the next time. They depend on what was asked at once, and the trail that is asked for
 * gets longer: so this is held against the most that the other one has held at any of its ends.
 */
const ALLOWED_RSS = 64 * MiB;
/** kafkajs has up to four connections to a broker, each of which it opens when it needs it first. */
const ALLOWED_DESCRIPTORS = 2;

onBothStores('a server that answers for long, beside one that comes and goes', ({ newPlace }) => {
  const running = runningProcesses();
  const line = new CommandLine();
  let authority: Authority;
  let place: string;
  let token: string;
  let mostHeld = 0;
  beforeAll(async () => {
    authority = new Authority();
    place = newPlace();
    token = await initServed(line, place);
    for (let i = 1; i <= ROUNDS; i += 1) line.file(`master-${i}.key`, keyText(i * 10));
    newCertificate();
  });
  afterAll(() => {
    line.remove();
    authority.remove();
  });

  test(
    `${2 * WARM_UP + ROUNDS * TURNS} turns of a mixed load`,
    async () => {
      const [steady, other] = [await start(0), await start(0)];
      const nodes: Node[] = [steady, other].map((server) => ({ server, away: undefined }));
      const ca = readFileSync(authority.certificate, 'utf8');
      const load = new Load({ nodes, token, ca, perSecond: IS_RELEASE ? 50 : undefined });
      const toldOfAll = await load.follow(steady.url);
      await load.write(steady.url, 0);
      await load.run(WARM_UP);
      for (let round = 1; round <= ROUNDS; round += 1)
        await Promise.all([load.run(TURNS), befall(nodes, load, round)]);
      // The other one is new, and has what a server has after its first requests.
      await load.run(WARM_UP);
      await toldOfAll();
      await compare(nodes, load, mostHeld);
      expect(await Promise.all(nodes.map(({ server }) => server.stop()))).toEqual([0, 0]);
      await verify(load);
      console.log(
        `${load.count} turns, ${load.answered.size} requests answered, ${load.versions.size} writes acknowledged, ${load.unanswered} without an answer, ${load.refused.length} refused`,
      );
      if (load.refused.length > MOST_REFUSED) expect(load.refused).toEqual([]);
    },
    TIMEOUT_MS,
  );

  function newCertificate(): void {
    const { cert, key: own } = authority.issue({ subject: '/CN=server', hosts: 'IP:127.0.0.1' });
    copyFileSync(cert, join(line.home, 'server.crt'));
    copyFileSync(own, join(line.home, 'server.key'));
  }

  /** After so many changes of the master key; it knows those that will come. */
  function start(changes: number): Promise<ServerProcess> {
    const files = Array.from({ length: ROUNDS + 1 }, (_, i) =>
      i === 0 ? 'master.key' : `master-${i}.key`,
    );
    const [own = '', ...coming] = files.slice(changes);
    const args = [
      ...['--registry', registryAt(place), '--log-level', 'warn'],
      ...['--tls-cert', 'server.crt', '--tls-key', 'server.key', '--master-key-file', own],
      ...coming.flatMap((file) => ['--accept-key-file', file]),
    ];
    return ServerProcess.start(line.home, args, running, TELLING_MEMORY);
  }

  async function befall(nodes: readonly Node[], load: Load, round: number): Promise<void> {
    const [steady, other] = nodes;
    if (steady === undefined || other === undefined) return;
    const begin = load.count;
    const after = (fifths: number) => load.reached(begin + (TURNS / 5) * fifths);
    await after(1);
    expect(await restarted(other, 'SIGKILL', round - 1)).toBe('SIGKILL');
    await after(2);
    newCertificate();
    steady.server.child.kill('SIGHUP');
    const { serialNumber } = new X509Certificate(readFileSync(join(line.home, 'server.crt')));
    while ((await certificateAt(steady.server.url, authority)) !== serialNumber);
    await after(3);
    await changeMasterKey(load, steady.server.url, round);
    await after(4);
    expect(await restarted(other, 'SIGTERM', round)).toBe(0);
  }

  /** Answers how it ended. */
  async function restarted(
    node: Node,
    signal: 'SIGKILL' | 'SIGTERM',
    changes: number,
  ): Promise<number | string> {
    const { child, ended } = node.server;
    mostHeld = Math.max(mostHeld, (await memoryOf(node.server)).rss);
    const again = async () => {
      child.kill(signal);
      await ended;
      node.server = await start(changes);
    };
    node.away = again();
    await node.away;
    node.away = undefined;
    return ended;
  }

  async function changeMasterKey(load: Load, url: string, round: number): Promise<void> {
    const to = key(round * 10);
    const kid = to.kind === 'bytes' ? to.key.kid : '';
    const rotation = `${url}/master-keys/rotation`;
    const begin = () => load.ask(rotation, 202, { method: 'POST', body: { kid } });
    await begin();
    for (let state = 'running'; state !== 'done'; ) {
      const now = (await load.ask(rotation, 200)) as { state: string; error?: string };
      ({ state } = now);
      if (state !== 'failed') continue;
      // It goes on where it was.
      load.refused.push(`the change of the master key: ${now.error}`);
      await begin();
    }
  }

  async function verify(load: Load): Promise<void> {
    const content = await contentUnder(place, { key: key(ROUNDS * 10) });
    const wrong = [...load.versions.values()].filter((one) => {
      const { path, key, version, value, state } = one;
      const found = content[`${path}:${key} ${version}`];
      return !isDeepStrictEqual(found, { ...Object(found), value, ...STATES[state] });
    });
    expect(wrong).toEqual([]);
    const { core, close } = await openFile(place, { key: key(ROUNDS * 10) });
    const known = new Set<string>();
    for await (const { data } of registryFor(core, caller).audit())
      known.add(data.request.requestId);
    await close();
    expect([...load.answered].filter((id) => !known.has(id))).toEqual([]);
    const env = {
      SECRETREG_REGISTRY: registryAt(place),
      SECRETREG_MASTER_KEY_FILE: join(line.home, `master-${ROUNDS}.key`),
    };
    expect(await line.run(['audit', 'verify'], { env })).toMatchObject({ end: 0, stderr: '' });
  }
});

/** As the registry has it. */
const STATES = { there: { state: 'enabled' }, gone: { state: 'deleted' }, unknown: {} };

async function compare(
  [steady, other]: readonly Node[],
  load: Load,
  mostHeld: number,
): Promise<void> {
  if (steady === undefined || other === undefined) return;
  // With the connections of the load: what is kept for each of them counts.
  const [long, short] = [await memoryOf(steady.server), await memoryOf(other.server)];
  load.disconnect();
  // The ends of our connections are still on their way: each question is some turns of the server's event loop.
  const settle = () => Promise.all([memoryOf(steady.server), memoryOf(other.server)]);
  for (let i = 0; i < 5; i += 1) await settle();
  let [open, few] = [descriptorsOf(steady.server), descriptorsOf(other.server)];
  const hasMore = () => open.length > few.length + ALLOWED_DESCRIPTORS;
  for (let i = 0; i < 30 && hasMore(); i += 1) {
    await settle();
    [open, few] = [descriptorsOf(steady.server), descriptorsOf(other.server)];
  }
  const told = [
    { ...long, descriptors: open },
    { ...short, descriptors: few },
  ].map(
    ({ heapUsed, external, rss, descriptors }) =>
      `${mib(heapUsed)} MiB of heap, ${mib(external)} of buffers, ${mib(rss)} in all, ${descriptors.length} descriptors`,
  );
  console.log(
    `at the end ${told[0]}, and of the other one ${told[1]}, which has held up to ${mib(mostHeld)} MiB`,
  );
  expect(long.heapUsed - short.heapUsed).toBeLessThan(ALLOWED_HEAP);
  expect(long.external - short.external).toBeLessThan(ALLOWED_BUFFERS);
  expect(long.rss - Math.max(short.rss, mostHeld)).toBeLessThan(ALLOWED_RSS);
  if (hasMore()) expect(open).toEqual(few);
}

function descriptorsOf({ child }: ServerProcess): string[] {
  const folder = `/proc/${child.pid}/fd`;
  return (
    readdirSync(folder)
      .map((one) => linkAt(join(folder, one)))
      // While one handle on a file is locked, SQLite closes no descriptor of another one: the next handle takes it. The log
      // of each handle is closed with it.
      .filter((one) => one !== '' && !one.endsWith('/registry.db'))
      // A socket's number says nothing.
      .map((one) => one.replace(/\d+/g, 'N'))
      .sort()
  );
}

/** Nothing where it was closed meanwhile. */
function linkAt(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** The number of the certificate that is shown on a new connection. */
async function certificateAt(url: string, { certificate }: Authority): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca: readFileSync(certificate) });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate()?.serialNumber ?? '';
  socket.destroy();
  return shown;
}
