// A process that writes the next version of one key again and again: `node sqlite-writer.ts FILE NAME [COUNT]`.
// Each line on stdout is something that the store has acknowledged: `version N NAME` or `line POSITION TEXT`.
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { ChainHead } from '../../src/store/store.ts';

const [file = '', name = '', count = 'Infinity'] = process.argv.slice(2);
const VERSION_KEY = '["key","p","k"]';

const store = new SqliteStore({ file, lockTimeoutMs: 20_000 });
let last = 0;
await store.open(
  ({ key, value }) => {
    if (key === VERSION_KEY && value !== null) last = Number(Buffer.from(value).toString());
  },
  { create: true },
);

/** Lines are numbered, so that one that is missing or comes twice is seen. */
const next = ({ lastLine }: ChainHead) => Number(lastLine?.split(' ')[0] ?? 0) + 1;
const bytes = (text: string | number) => Buffer.from(String(text));

for (let i = 0; i < Number(count); i += 1) {
  let version = 0;
  await store.transact((head) => {
    version = last + 1;
    return {
      attemptId: `${name}-${process.pid}-${i}`,
      n: version,
      records: [
        { key: `["secret","p","k",${version}]`, value: bytes(name) },
        { key: VERSION_KEY, value: bytes(version) },
      ],
      audit: [`${next(head)} version ${version} ${name}`],
    };
  });
  process.stdout.write(`version ${version} ${name}\n`);
  if (i % 3 === 0) {
    let line = '';
    await store.appendAudit((head) => [(line = `${next(head)} read ${name}`)]);
    process.stdout.write(`line ${line}\n`);
  }
}
await store.close();
