// A process that changes the master key and kills itself at one of its steps: `node rotation-child.ts PLACE [WHEN STEP]`.
// A step is a commit or, in the end, the removal of residue; WHEN is `before` or `after`. Each step is a line on stdout.
import { writeSync } from 'node:fs';
import type { Store } from '../../src/store/store.ts';
import { storeAt, withRotation } from './rotation-registry.ts';

const [place = '', when, at] = process.argv.slice(2);
await withRotation(killing(await storeAt(place)), (rotation) => rotation.run());

/** The store with a step counted around each commit; `before` is between what is decided and its commit. */
function killing(store: Store): Store {
  let step = 0;
  const die = (now: string) => {
    if (now === when && step === Number(at)) process.kill(process.pid, 'SIGKILL');
  };
  const begin = () => {
    step += 1;
    writeSync(1, `${step}\n`);
  };
  return {
    place: store.place,
    givesReplaced: store.givesReplaced,
    auditChains: store.auditChains,
    open: (apply, options) => store.open(apply, options),
    catchUp: () => store.catchUp(),
    reread: () => store.reread(),
    transact: async (decide) => {
      begin();
      const position = await store.transact((head) => {
        const changes = decide(head);
        die('before');
        return changes;
      });
      die('after');
      return position;
    },
    appendAudit: (make) => store.appendAudit(make),
    readAudit: (from) => store.readAudit(from),
    inspect: () => store.inspect(),
    removeResidue: async () => {
      begin();
      die('before');
      const residue = await store.removeResidue();
      die('after');
      return residue;
    },
    close: () => store.close(),
  };
}
