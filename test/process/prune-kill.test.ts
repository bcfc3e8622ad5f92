// A process that removes old lines of the trail is killed at each of its steps. Whatever it had done by then, what is left
// is proved, nothing but lines is gone, and the same command finishes.
import { copyFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { caller, collect, init, name, path, write } from '../registry/fixture.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { startScript } from './rotation-process.ts';
import { OLD, openFile, real, storeAt } from './rotation-registry.ts';
import { runningProcesses } from './running.ts';

/** Eight lines: `init`, a write, six reads. */
const LINES = 8;
const COMMITS = 3;
const STEPS = COMMITS + 1;

const template = registryFolder();
let folder: ReturnType<typeof registryFolder>;

beforeAll(async () => {
  await init(await storeAt(template.file), real, OLD);
  const { core, close } = await openFile(template.file, { key: OLD });
  const registry = registryFor(core, caller);
  await registry.write([write('orders', 'password', 'one')]);
  for (let i = 0; i < 6; i += 1) await registry.read(path('orders'), name('password'), 'latest');
  await close();
});
afterAll(() => template.remove());
beforeEach(() => {
  folder = registryFolder();
  copyFileSync(template.file, folder.file);
});
afterEach(() => folder.remove());
// Behind that hook, and so ended before it: hooks at the end run from the last one on.
const running = runningProcesses();

const start = (...args: string[]) => startScript(running, 'prune-child.ts', folder.file, ...args);

/** How many of the first lines are gone, and how many tell of it; the trail fits, and the secret is there. */
async function found(): Promise<{ gone: number; told: number }> {
  const { core, close } = await openFile(folder.file, { key: OLD });
  expect((await verifyAudit(core)).fault).toBeUndefined();
  const gone = (await core.store.auditBegin()) - 1;
  const lines = (await collect(core.store.readAudit())).map(({ line }) => line);
  const registry = registryFor(core, caller);
  const { value } = await registry.read(path('orders'), name('password'), 'latest');
  expect(value.reveal()).toBe('one');
  await close();
  return { gone, told: lines.filter((line) => line.includes('"audit.Prune"')).length };
}

test('its steps are a commit for each part, and the room that is given back', async () => {
  const { lines, ended } = start();
  expect(await ended).toBe(0);
  expect(lines).toEqual([
    ...Array.from({ length: COMMITS }, () => 'commit to the store'),
    'clean the store',
  ]);
  expect(await found()).toEqual({ gone: LINES, told: COMMITS });
});

const steps = Array.from({ length: STEPS }, (_, i) => i + 1);
test.each(steps.flatMap((step) => [['before', step] as const, ['after', step] as const]))(
  'killed %s step %i, it leaves a trail that fits, and the next one goes on',
  async (when, step) => {
    expect(await start(when, String(step)).ended).toBe('SIGKILL');
    const done = Math.min(when === 'before' ? step - 1 : step, COMMITS);
    const before = await found();
    expect(before).toEqual({ gone: Math.min(done * 3, LINES), told: done });
    expect(await start().ended).toBe(0);
    const after = await found();
    expect(after.gone).toBeGreaterThan(LINES);
  },
);
