// The parts of an audited read over REST, each measured alone. As a server it answers the route without a registry behind it;
// with a file it prints the milliseconds of: opening one record, making one audit line, its share of a commit of 64 lines.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { AuditKey, nextLine } from '../../src/crypto/chain.ts';
import { parseMasterKey } from '../../src/crypto/master-key.ts';
import { open, seal } from '../../src/crypto/seal.ts';
import type { AccessAdmin } from '../../src/domain/access-admin.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import type { Version } from '../../src/domain/version.ts';
import { createServer } from '../../src/http/server.ts';
import { makeEvent } from '../../src/registry/audit-trail.ts';
import type { LiveRotation } from '../../src/registry/live-rotation.ts';
import { caller, environment, placeOf, valueOf } from '../made-up-registry.ts';

const [what = '', keyFile = '', file = ''] = process.argv.slice(2);

if (what === 'route') await serveRoute();
else printParts();

async function serveRoute(): Promise<void> {
  const place = placeOf(0);
  const answer = {
    ...place,
    version: 1 as Version,
    createdAt: new Date(0).toISOString(),
    createdBy: 'User:bench',
    value: SecretValue.of('x'.repeat(24)),
  };
  const app = createServer({
    registryFor: () => ({ read: async () => answer }) as unknown as Registry,
    accessFor: () => ({}) as AccessAdmin,
    clock: () => new Date(),
    rotation: {} as LiveRotation,
    describe: () => ({
      storeId: '',
      format: 1,
      position: 1,
      counts: { paths: 1, keys: 1, versions: 1 },
    }),
    position: () => 1,
    catchUp: async () => undefined,
    isReady: () => true,
    authenticate: async () => caller,
    refused: async () => undefined,
    logger: pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: true })),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  console.log(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  process.on('SIGTERM', () => process.exit(0));
}

function printParts(): void {
  const input = valueOf(parseMasterKey(readFileSync(keyFile, 'utf8')));
  if (input.kind !== 'bytes') throw new Error('a made-up key is 32 bytes');
  const { key } = input;
  const storeId = environment.random(16);
  const place = { storeId, path: 'connector-0', key: 'setting-0', version: 1, meta: '{}' };
  const sealed = seal(key, place, new Uint8Array(24), environment.random(32));
  const auditKey = AuditKey.fromBytes(environment.random(32));
  let line: string | undefined;
  const opened = timeOf(20_000, () =>
    open((kid) => (kid === key.kid ? key : undefined), place, sealed),
  );
  const lined = timeOf(20_000, () => {
    const event = makeEvent(
      { subject: { method: 'secret.Read', ...placeOf(0), version: 1 }, status: 'ok' },
      {
        storeId: '0'.repeat(32),
        caller,
        time: new Date().toISOString(),
        random: environment.random,
        commit: undefined,
      },
    );
    line = nextLine(auditKey, line, 'chain', event as unknown as Parameters<typeof nextLine>[3]);
  });
  console.log(opened + lined + commitShare(line ?? ''));
}

/** Of a line in a commit of 64. */
function commitShare(line: string): number {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_mode=WAL');
  database.exec('CREATE TABLE audit (position INTEGER PRIMARY KEY, line TEXT)');
  const insert = database.prepare('INSERT INTO audit (line) VALUES (?)');
  const took = timeOf(300, () => {
    database.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < 64; i += 1) insert.run(line);
    database.exec('COMMIT');
  });
  database.close();
  return took / 64;
}

/** Milliseconds of one run, after as many to warm up. */
function timeOf(runs: number, work: () => void): number {
  for (let i = 0; i < runs; i += 1) work();
  const begun = performance.now();
  for (let i = 0; i < runs; i += 1) work();
  return (performance.now() - begun) / runs;
}
