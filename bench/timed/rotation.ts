// Prints the milliseconds of a rotation that opened its registry before, without the time of VACUUM.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MasterKey, parseMasterKey } from '../../src/crypto/master-key.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Residue } from '../../src/store/store.ts';
import { caller, environment, valueOf } from '../made-up-registry.ts';

const [file = '', keyFile = ''] = process.argv.slice(2);

class StoreWithStopwatch extends SqliteStore {
  vacuumMs = 0;

  override async removeResidue(): Promise<Residue> {
    const begun = performance.now();
    const residue = await super.removeResidue();
    this.vacuumMs += performance.now() - begun;
    return residue;
  }
}

const store = new StoreWithStopwatch({ file });
const rotation = await openRotation({
  ...environment,
  store,
  given: { key: valueOf(parseMasterKey(readFileSync(keyFile, 'utf8'))) },
  to: { kind: 'bytes', key: MasterKey.fromBytes(randomBytes(32)) },
  caller,
});
const begun = performance.now();
await rotation.run();
const took = performance.now() - begun - store.vacuumMs;
await rotation.close();
console.log(took);
