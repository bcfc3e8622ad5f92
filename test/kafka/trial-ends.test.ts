// `npm run kafka` says that its data goes with it: in whichever way it ends.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';
import { startedTrial, trial } from './trial.ts';

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

function scratch(): { folder: string; left: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-trial-ends-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const left = () => readdirSync(folder).filter((name) => name.startsWith('secretreg-kafka-'));
  return { folder, left };
}

describeKafka('npm run kafka', () => {
  test.each<[string, (pid: number) => void, number]>([
    ['its terminal is closed', (pid) => process.kill(pid, 'SIGHUP'), 0],
    ['the broker ends by itself', (pid) => process.kill(childOf(pid), 'SIGKILL'), 1],
  ])('leaves nothing where %s', async (_, end, code) => {
    const { folder, left } = scratch();
    const { child } = await startedTrial({ ...process.env, TMPDIR: folder });
    expect(left()).toHaveLength(1);
    end(child.pid ?? 0);
    expect((await once(child, 'exit'))[0]).toBe(code);
    expect(left()).toEqual([]);
  });

  test('leaves nothing where its terminal is closed while the broker starts', async () => {
    const { folder, left } = scratch();
    const watcher = watch(folder);
    onTestFinished(() => watcher.close());
    const child = trial({ ...process.env, TMPDIR: folder });
    const ended = once(child, 'exit');
    while (left().length === 0) await once(watcher, 'change');
    child.kill('SIGHUP');
    expect((await ended)[0]).toBe(0);
    expect(left()).toEqual([]);
  });
});
