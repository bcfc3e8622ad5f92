// A process that has the old key, accepts the new one, and writes one secret again and again while the master key is
// changed, until its input ends: `node accepting-writer.ts PLACE`. Each line on stdout is a version that was
// acknowledged, with its value.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { registryFor } from '../../src/registry/registry.ts';
import { caller, write } from '../registry/fixture.ts';
import { NEW, OLD, openFile } from './rotation-registry.ts';

const stop = new AbortController();
process.stdin.on('end', () => stop.abort()).resume();

const { core, close } = await openFile(process.argv[2] ?? '', { key: OLD, accepted: [NEW] });
const registry = registryFor(core, caller);
for (let i = 0; !stop.signal.aborted; i += 1) {
  const [info] = await registry.write([write('live', 'counter', `value ${i}`)]);
  writeSync(1, `${info?.version} value ${i}\n`);
  await setImmediate();
}
await close();
