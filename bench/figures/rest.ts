import { join } from 'node:path';
import { type Figure, figure, type Measure, type Samples } from '../figure.ts';
import { copyDurably, type MadeUp, makeRegistry, placeOf } from '../made-up-registry.ts';
import { outputOf } from '../measure.ts';
import { benchFile, SECRETREG } from '../program.ts';
import { type Load, type Running, startServer, stopServer, timeAnswers } from '../server.ts';

const ROUNDS = 5;
const SECONDS = 3;
const SIZES = [1000, 100_000];
/** Over which the load is spread. */
const KEYS = 1000;

/** Reads and writes through a real server on a file; the load comes from this process. */
export const rest: Measure = async (folder) => {
  const registries = SIZES.map((secrets) => makeRegistry(folder, secrets));
  const [small, large] = registries.map((one) => ownCopy(folder, one)) as [MadeUp, MadeUp];
  const servers: Running[] = [];
  const start = async (args: readonly string[]) => {
    const server = await startServer(args, folder);
    servers.push(server);
    return server;
  };
  try {
    const own = await serve(small, folder, start);
    const ofLarge = await serve(large, folder, start);
    const urls = (secrets: number) =>
      Array.from({ length: KEYS }, (_, i) => {
        const { path, key } = placeOf(Math.floor((i * secrets) / KEYS));
        return `/secret/paths/${path}/keys/${key}/versions`;
      });
    const read = (secrets: number) => ({
      paths: urls(secrets).map((url) => `${url}/latest`),
      connections: 64,
      seconds: SECONDS,
    });
    const ofSmall = read(small.secrets);
    const first = own.server.url + (ofSmall.paths[0] ?? '');
    const body = await (await fetch(first, { headers: own.headers })).text();
    const bare = await start([benchFile('floor/http.mjs'), body]);
    const route = await start([benchFile('timed/rest-parts.ts'), 'route']);
    const write = (connections: number, secrets = small.secrets) => ({
      paths: urls(secrets),
      connections,
      seconds: SECONDS,
      method: 'POST',
      body: JSON.stringify({ secret: 'a value of 24 characters' }),
    });
    const samples = await rounds({
      read: () => load(own, ofSmall),
      'read of 100,000': () => load(ofLarge, read(large.secrets)),
      bare: () => timeAnswers(bare, ofSmall),
      parts: async () => (await timeAnswers(route, ofSmall)) + partsAlone(folder, small),
      'write 16': () => load(own, write(16)),
      'write 64': () => load(own, write(64)),
      'write of 100,000': () => load(ofLarge, write(64, large.secrets)),
      rows: async () => rowsAlone(folder),
    });
    const of = (name: string, title: string): Samples => ({
      name: title,
      samples: samples.get(name) ?? [],
    });
    const reads = of('read', 'REST read, 64 connections');
    const writes = of('write 64', 'REST write, 64 connections');
    return [
      figure(reads, of('bare', 'bare node:http'), 1 / 0.35),
      figure(reads, of('parts', 'the sum of its parts'), 1.3),
      figure(
        of('write 16', 'REST write, 16 connections'),
        of('rows', 'rows, 16 a commit'),
        1 / 0.3,
      ),
      figure(writes, of('rows', 'rows, 16 a commit'), 1 / 0.3),
      figure(of('read of 100,000', 'REST read, 100,000 secrets'), of('read', '1,000 secrets'), 1.3),
      figure(
        of('write of 100,000', 'REST write, 100,000 secrets'),
        of('write 64', '1,000 secrets'),
        1.3,
      ),
    ] satisfies Figure[];
  } finally {
    for (const server of servers) await stopServer(server);
  }
};

interface Served {
  server: Running;
  headers: Record<string, string>;
}

function load({ server, headers }: Served, wanted: Load): Promise<number> {
  const type = wanted.method === 'POST' ? { 'content-type': 'application/json' } : {};
  return timeAnswers(server, { ...wanted, headers: { ...headers, ...type } });
}

async function serve(
  { file, keyFile }: MadeUp,
  folder: string,
  start: (args: readonly string[]) => Promise<Running>,
): Promise<Served> {
  const place = ['--registry', `file:${file}`, '--master-key-file', keyFile];
  const admin = ['--principal', 'User:bench', '--role', 'SystemAdmin'];
  const args = [SECRETREG, 'access', 'token', 'create', ...admin, ...place];
  const token = outputOf(args, { folder }).trim();
  const server = await start([SECRETREG, 'serve', '--listen', '127.0.0.1:0', ...place]);
  return { server, headers: { authorization: `Bearer ${token}` } };
}

/** Every one once a round, each time in another order; the first round only warms up. */
async function rounds(
  contestants: Record<string, () => Promise<number>>,
): Promise<Map<string, number[]>> {
  const names = Object.keys(contestants);
  const samples = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turn = round % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const took = (await contestants[name]?.()) ?? 0;
      if (round > 0) samples.get(name)?.push(took);
    }
  }
  return samples;
}

function partsAlone(folder: string, { keyFile }: MadeUp): number {
  const file = join(folder, `parts-${process.hrtime.bigint()}.db`);
  return Number(outputOf([benchFile('timed/rest-parts.ts'), 'parts', keyFile, file], { folder }));
}

function rowsAlone(folder: string): number {
  const file = join(folder, `rows-${process.hrtime.bigint()}.db`);
  return Number(outputOf([benchFile('floor/rows.mjs'), file], { folder }));
}

function ownCopy(folder: string, made: MadeUp): MadeUp {
  const file = join(folder, `served-${made.secrets}.db`);
  copyDurably(made.file, file);
  return { ...made, file };
}
