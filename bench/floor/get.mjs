// The floor of `get`: the same I/O and crypto in a straight line, without arguments checked, names parsed, settings
// searched, failures told, deletes and key changes minded. Its audit line is a true one: `audit verify` accepts it.
import {
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const [file, keyFile, path, key] = process.argv.slice(2);

const masterKeyText = readFileSync(keyFile, 'utf8').trim().slice('base64:'.length);
const masterKey = createSecretKey(Buffer.from(masterKeyText, 'base64'));
const recordMacKey = derive(Buffer.alloc(0), Buffer.from('secretreg/v1/record-mac'), 32);

const url = pathToFileURL(file);
url.search = 'mode=rw';
const database = new DatabaseSync(url);
database.exec(`PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;
  PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_mode=WAL`);

const byKey = database.prepare('SELECT value FROM records WHERE record_key = ?');
const registryValue = byKey.get('["registry"]').value;
const storeIdText = JSON.parse(Buffer.from(registryValue).toString()).storeId;
const storeId = Buffer.from(storeIdText, 'hex');
record('["registry"]');
record('["commit"]');
record(JSON.stringify(['key', path, key]));
const kid = derive(Buffer.alloc(0), Buffer.from('secretreg/v1/kid'), 16).toString('hex');
const { check } = record(JSON.stringify(['master-key', kid]));
const zeros = open('canary', check, { path: '', key: '', version: 0, meta: '' });
if (!zeros.equals(Buffer.alloc(32))) throw new Error('another key');
const auditKeyRecord = record('["audit-key",1]');
const secretRecord = record(JSON.stringify(['secret', path, key, 1]));

const auditKey = open('audit-key', auditKeyRecord.sealed, {
  path: '',
  key: '',
  version: 1,
  meta: '',
});
const { createdAt, createdBy } = secretRecord;
const meta = JSON.stringify({ createdAt, createdBy });
const value = open('record', secretRecord.sealed, { path, key, version: 1, meta });

database.exec('BEGIN IMMEDIATE');
const last = database.prepare('SELECT line FROM audit ORDER BY position DESC LIMIT 1').get().line;
database.prepare('INSERT INTO audit(line) VALUES(?)').run(lineAfter(last));
database.exec('COMMIT');
database.close();
process.stdout.write(value);

/** A record whose MAC fits. */
function record(recordKey) {
  const text = Buffer.from(byKey.get(recordKey).value).toString();
  const { mac, ...body } = JSON.parse(text);
  const message = lengthPrefixed(
    storeId,
    Buffer.from(recordKey),
    Buffer.from(JSON.stringify(body)),
  );
  if (createHmac('sha256', recordMacKey).update(message).digest('base64') !== mac)
    throw new Error('MAC');
  return body;
}

function open(label, sealedText, place) {
  const sealed = Buffer.from(sealedText, 'base64');
  const labelBytes = Buffer.from(`secretreg/v1/${label}\0`);
  const version = Buffer.alloc(8);
  version.writeBigUInt64BE(BigInt(place.version));
  const aad = Buffer.concat([
    labelBytes,
    sealed.subarray(0, 54),
    lengthPrefixed(storeId, Buffer.from(place.path), Buffer.from(place.key)),
    version,
    lengthPrefixed(Buffer.from(place.meta)),
  ]);
  const hash = createHash('sha512').update(aad).digest();
  const okm = derive(sealed.subarray(22, 54), Buffer.concat([labelBytes, Buffer.of(1), hash]), 76);
  if (!okm.subarray(44).equals(sealed.subarray(54, 86))) throw new Error('commitment');
  const decipher = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), okm.subarray(32, 44));
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(86, -16)), decipher.final()]);
}

function derive(salt, info, length) {
  return Buffer.from(hkdfSync('sha512', masterKey, salt, info, length));
}

function lengthPrefixed(...parts) {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** The members in the order of canonical JSON. */
function lineAfter(lastLine) {
  const { chain, seq } = JSON.parse(lastLine);
  const source = `crn:///secretreg=${storeIdText}`;
  const resource = `${source}/secret=${path}/key=${key}/version=1`;
  const event = (mac) => ({
    chain,
    data: {
      authenticationInfo: { principal: `User:${userInfo().username}` },
      authorizationInfo: {
        granted: true,
        operation: 'Read',
        patternType: 'LITERAL',
        resourceName: path,
        resourceType: 'Secret',
        role: 'SystemAdmin',
      },
      methodName: 'secret.Read',
      request: { requestId, userAgent: 'bench' },
      resourceName: resource,
      result: { status: 'ok', version: 1 },
      serviceName: source,
    },
    datacontenttype: 'application/json',
    id,
    mac,
    prev,
    seq: seq + 1,
    source,
    specversion: '1.0',
    subject: resource,
    time,
    type: 'secretreg/audit',
  });
  const prev = createHash('sha256').update(lastLine).digest('hex');
  const id = randomBytes(16).toString('hex');
  const requestId = randomBytes(8).toString('hex');
  const time = new Date().toISOString();
  const body = JSON.stringify(event(undefined));
  return JSON.stringify(event(createHmac('sha256', auditKey).update(body).digest('base64')));
}
