// A process that moves a registry and kills itself at one of its steps: `node migration-child.ts FROM TO [WHEN STEP]`.
// A step is what makes the target, a commit to either side, or audit lines appended; each is a line on stdout.
import { migrate } from '../../src/registry/migration.ts';
import { killing, Steps } from './killing-store.ts';
import { moveOptions } from './migration-registry.ts';

const [from = '', to = '', when, at] = process.argv.slice(2);
const steps = new Steps(when, at);
const { source, target, ...options } = moveOptions(from, to);
await migrate({
  ...options,
  source: async () => killing(await source(), steps, 'the source'),
  target: async () => killing(await target(), steps, 'the target'),
});
