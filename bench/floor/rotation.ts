// The floor of a rotation: open, seal, open, open each sealed version in one thread, and write the rows back in batches of
// the same size. It makes no MAC and minds nobody else who writes; what it leaves in the file is no registry any more.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { MasterKey, parseMasterKey } from '../../src/crypto/master-key.ts';
import { open, type Place, seal } from '../../src/crypto/seal.ts';
import { valueOf } from '../made-up-registry.ts';

const [file = '', keyFile = ''] = process.argv.slice(2);
/** As many as the registry re-encrypts in one commit. */
const BATCH = 256;

const input = valueOf(parseMasterKey(readFileSync(keyFile, 'utf8')));
if (input.kind !== 'bytes') throw new Error('a made-up registry has a key of bytes');
const from = input.key;
const to = MasterKey.fromBytes(randomBytes(32));

const database = new DatabaseSync(file);
database.exec('PRAGMA mmap_size=0; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON');
const put = database.prepare('UPDATE records SET position = ?, value = ? WHERE record_key = ?');
const rows = database
  .prepare('SELECT position, record_key, value FROM records ORDER BY position')
  .all();
let position = Number(rows.at(-1)?.position);
const storeId = storeIdOf();
const records = rows.map(({ record_key: key, value }) =>
  parsed(String(key), value as Uint8Array<ArrayBuffer>),
);

const begun = performance.now();
for (let first = 0; first < records.length; first += BATCH) {
  database.exec('BEGIN IMMEDIATE');
  for (const one of records.slice(first, first + BATCH)) {
    if (one.place !== undefined) one.sealed = resealed(one.place, one.sealed);
    position += 1;
    put.run(position, rowOf(one), one.key);
  }
  database.exec('COMMIT');
}
for (const { place, sealed } of records) if (place !== undefined) opened(to, place, sealed);
const took = performance.now() - begun;
database.close();
console.log(took);

interface Parsed {
  key: string;
  bytes: Buffer;
  /** Where the base64 of the sealed value stands in the bytes. */
  sealedAt: number;
  sealed: Uint8Array;
  place: Place | undefined;
}

function parsed(key: string, value: Uint8Array<ArrayBuffer>): Parsed {
  const bytes = Buffer.from(value);
  const [kind, path, name, version] = JSON.parse(key) as [string, string, string, number];
  if (kind !== 'secret')
    return { key, bytes, sealedAt: 0, sealed: new Uint8Array(0), place: undefined };
  const { sealed, createdAt, createdBy } = JSON.parse(bytes.toString()) as Record<string, string>;
  const meta = JSON.stringify({ createdAt, createdBy });
  return {
    key,
    bytes,
    sealedAt: bytes.indexOf(sealed ?? ''),
    sealed: Buffer.from(sealed ?? '', 'base64'),
    place: { storeId, path, key: name, version, meta },
  };
}

function resealed(place: Place, sealed: Uint8Array): Uint8Array {
  const again = seal(to, place, opened(from, place, sealed), randomBytes(32));
  opened(to, place, again);
  return again;
}

function opened(key: MasterKey, place: Place, sealed: Uint8Array): Uint8Array {
  return valueOf(open(() => key, place, sealed));
}

/** The row with the new sealed value in place of the old one: it has the same length. */
function rowOf({ bytes, sealed, sealedAt, place }: Parsed): Uint8Array {
  if (place !== undefined) bytes.write(Buffer.from(sealed).toString('base64'), sealedAt);
  return bytes;
}

function storeIdOf(): Uint8Array {
  const registry = rows.find((row) => row.record_key === '["registry"]')?.value;
  const { storeId } = JSON.parse(Buffer.from(registry as Uint8Array).toString()) as {
    storeId: string;
  };
  return Buffer.from(storeId, 'hex');
}
