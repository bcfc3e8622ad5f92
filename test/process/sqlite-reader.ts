// A process that opens a registry and says how that went: `node sqlite-reader.ts FILE (read|write|create)`.
import { hasCode } from '../../src/errors.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

const [file = '', what] = process.argv.slice(2);
const store = new SqliteStore({ file, lockTimeoutMs: 500 });
let records = 0;
try {
  const options = { readOnly: what === 'read', create: what === 'create' };
  await store.open(() => (records += 1), options);
  if (what !== 'read') await store.appendAudit(() => ['line']);
  console.log(JSON.stringify({ records }));
} catch (error) {
  const code = hasCode(error, 'store-unavailable') ? error.code : 'other';
  console.log(JSON.stringify({ code, message: String(error) }));
}
await store.close();
