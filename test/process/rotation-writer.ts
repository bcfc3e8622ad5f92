// A process that has both keys and writes one secret again and again while the master key is changed, until its input
// ends: `node rotation-writer.ts FILE`. Each line on stdout is a version that was acknowledged, with its value.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { hasCode } from '../../src/errors.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { caller, write } from '../registry/fixture.ts';
import { NEW, OLD, openFile } from './rotation-registry.ts';

const file = process.argv[2] ?? '';
const stop = new AbortController();
process.stdin.on('end', () => stop.abort()).resume();

/** Whichever key is the active one: before the change the new key is refused, and in its midst the old one. */
const KEYS = [
  { key: NEW, oldKey: OLD },
  { key: OLD, oldKey: NEW },
];

for (let i = 0; !stop.signal.aborted; ) {
  for (const keys of KEYS) {
    try {
      const { core, close } = await openFile(file, keys);
      try {
        const registry = registryFor(core, caller);
        for (; !stop.signal.aborted; i += 1) {
          const [info] = await registry.write([
            write('live', 'counter', `value ${process.pid} ${i}`),
          ]);
          writeSync(1, `${info?.version} value ${process.pid} ${i}\n`);
          // SQLite answers at once: without a turn of the event loop the end of the input would not be heard.
          await setImmediate();
        }
      } finally {
        await close();
      }
    } catch (error) {
      if (!hasCode(error, 'wrong-master-key', 'master-key-retiring', 'rotation-unfinished'))
        throw error;
    }
  }
}
