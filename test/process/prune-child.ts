// A process that removes all lines of the trail that there are, three at a time, and kills itself at one of its steps:
// `node prune-child.ts PLACE [WHEN STEP]`, as in killing-store.ts.
import { prunable, prune } from '../../src/registry/audit-prune.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { caller } from '../registry/fixture.ts';
import { killing, Steps } from './killing-store.ts';
import { OLD, real, storeAt } from './rotation-registry.ts';

const [place = '', when, at] = process.argv.slice(2);
const store = killing(await storeAt(place), new Steps(when, at));
const core = await openCore({ store, keys: () => ({ key: OLD }), ...real });
const now = new Date().toISOString();
const found = await prunable(core, caller, now, { linesInACommit: 3 });
if (found !== undefined) await prune(core, caller, found);
await store.removeResidue();
await store.close();
