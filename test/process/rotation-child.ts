// A process that changes the master key and kills itself at one of its steps: `node rotation-child.ts PLACE [WHEN STEP]`.
// A step is a commit or, in the end, the removal of residue; WHEN is `before` or `after`. Each step is a line on stdout.
import { killing, Steps } from './killing-store.ts';
import { storeAt, withRotation } from './rotation-registry.ts';

const [place = '', when, at] = process.argv.slice(2);
await withRotation(killing(await storeAt(place), new Steps(when, at)), (rotation) =>
  rotation.run(),
);
