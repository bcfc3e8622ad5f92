// The floor of a write: rows as large as a record and its audit line, 16 in a commit, on the same disk. Prints milliseconds
// for each row.
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const [file] = process.argv.slice(2);
const COMMITS = 500;
const IN_A_COMMIT = 16;

const database = new DatabaseSync(file);
database.exec('PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_mode=WAL');
database.exec('CREATE TABLE rows (position INTEGER PRIMARY KEY, name TEXT UNIQUE, value BLOB)');
const insert = database.prepare('INSERT INTO rows (name, value) VALUES (?, ?)');
const value = randomBytes(512);

const begun = performance.now();
for (let commit = 0; commit < COMMITS; commit += 1) {
  database.exec('BEGIN IMMEDIATE');
  for (let i = 0; i < IN_A_COMMIT; i += 1) insert.run(`row ${commit} ${i}`, value);
  database.exec('COMMIT');
}
console.log((performance.now() - begun) / (COMMITS * IN_A_COMMIT));
database.close();
