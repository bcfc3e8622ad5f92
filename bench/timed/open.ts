// Prints how long it takes to open a registry in a file whole, and what it keeps of it: `node --expose-gc timed/open.ts FILE KEYFILE`.
import { readFileSync } from 'node:fs';
import { parseMasterKey } from '../../src/crypto/master-key.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { environment, valueOf } from '../made-up-registry.ts';

/** Milliseconds and bytes. */
export interface Opened {
  took: number;
  size: number;
}

const [file = '', keyFile = ''] = process.argv.slice(2);

const key = valueOf(parseMasterKey(readFileSync(keyFile, 'utf8')));
const before = kept();
const begun = performance.now();
const store = new SqliteStore({ file });
const core = await openCore({ ...environment, store, keys: () => ({ key }) });
const took = performance.now() - begun;
const opened: Opened = { took, size: kept() - before };
await core.close();
console.log(JSON.stringify(opened));

/** Of V8 and of what it knows to be outside of its heap, such as buffers. */
function kept(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
