// The floor of opening a registry in a file whole: reads the rows, parses each value, makes one HMAC of each. Prints the
// milliseconds, and the bytes of the records.
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const [file] = process.argv.slice(2);

const begun = performance.now();
const key = createSecretKey(randomBytes(32));
const database = new DatabaseSync(file, { readOnly: true });
let size = 0;
const rows = database.prepare('SELECT record_key, value FROM records ORDER BY position');
for (const { record_key: name, value } of rows.iterate()) {
  size += name.length + value.length;
  JSON.parse(Buffer.from(value).toString());
  createHmac('sha256', key).update(value).digest();
}
const took = performance.now() - begun;
database.close();
console.log(JSON.stringify({ took, size }));
