// A process that holds a registry locked until its input ends: `node sqlite-lock-holder.ts FILE`.
import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.argv[2] ?? '', { timeout: 5000 });
database.exec('BEGIN EXCLUSIVE');
process.stdout.write('held\n');
process.stdin.on('end', () => {
  database.exec('ROLLBACK');
  database.close();
});
process.stdin.resume();
