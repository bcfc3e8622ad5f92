// Row R of quality.md on a topic: a change of the master key is killed at each of its steps and at random moments, and
// other processes write meanwhile.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DONE, keysFor, NOT_BEGUN, startScript, UNDER_WAY } from '../process/rotation-process.ts';
import {
  contentUnder,
  KID_NEW,
  KID_OLD,
  makeRegistry,
  NEW,
  OLD,
  startUp,
  storeAt,
  withRotation,
} from '../process/rotation-registry.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { generator } from '../random.ts';
import { runningProcesses } from '../process/running.ts';

const KILLS = Number(process.env['SECRETREG_TEST_KILLS'] ?? 40);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Two commits, those that 1,800 records need in batches of 256, and the look at what is left of old records. */
const STEPS = 11;
const LAST_COMMIT = STEPS - 1;

describeKafka('a change of the master key in a topic', () => {
  let broker: Broker;
  let topics = 0;
  const running = runningProcesses();

  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  const registry = async () => {
    topics += 1;
    const place = `kafka://${broker.address}/rotation-${topics}`;
    await makeRegistry(place);
    const { kids: _, ...content } = await contentUnder(place, { key: OLD });
    const start = (script: string, ...args: string[]) =>
      startScript(running, script, place, ...args);
    return { place, content, start };
  };
  type Made = Awaited<ReturnType<typeof registry>>;

  async function expectRecovery({ place, content }: Made, allowed: readonly (typeof DONE)[]) {
    const now = await startUp(place);
    expect(allowed).toContainEqual(now);
    expect(await contentUnder(place, keysFor(now))).toMatchObject(content);
    const { residue } = await withRotation(await storeAt(place), (rotation) => rotation.run());
    expect(residue.text).toMatch(/^\d+ replaced records stand in /);
    expect(await startUp(place)).toEqual(DONE);
    const kids = { [KID_OLD]: 'retired', [KID_NEW]: 'active, in use' };
    expect(await contentUnder(place, { key: NEW })).toEqual({ ...content, kids });
  }

  const steps = Array.from({ length: STEPS }, (_, i) => i + 1);

  test.each(steps.flatMap((step) => [['before', step] as const, ['after', step] as const]))(
    'is killed right %s step %i, and goes on',
    async (when, step) => {
      const made = await registry();
      expect(await made.start('rotation-child.ts', when, String(step)).ended).toBe('SIGKILL');
      const committed = when === 'after' ? step : step - 1;
      await expectRecovery(made, [
        committed === 0 ? NOT_BEGUN : committed < LAST_COMMIT ? UNDER_WAY : DONE,
      ]);
    },
  );

  const random = generator(SEED);
  const pairs = Array.from(
    { length: Math.max(0, Math.ceil((KILLS - 2 * STEPS) / 2)) },
    (_, i) => i + 1,
  );

  test.each(pairs)(`is killed twice, at random moments: pair %i (seed ${SEED})`, async () => {
    let made = await registry();
    for (let landed = 0; landed < 2; ) {
      const { child, ended, reached } = made.start('rotation-child.ts');
      await reached(Math.floor(random() * STEPS));
      await delay(random() * 20);
      child.kill('SIGKILL');
      if ((await ended) === 'SIGKILL') landed += 1;
      else {
        // It had come to its end before: that was no kill, and the pair begins anew.
        made = await registry();
        landed = 0;
      }
    }
    await expectRecovery(made, [NOT_BEGUN, UNDER_WAY, DONE]);
  });

  test('loses no write that another process, which accepts both keys, had acknowledged', async () => {
    const { place, content, start } = await registry();
    const writer = start('accepting-writer.ts');
    await writer.reached(5);
    await withRotation(await storeAt(place), (rotation) => rotation.run());
    const during = writer.lines.length;
    await writer.reached(during + 5);
    writer.child.stdin.end();
    expect(await writer.ended).toBe(0);
    expect(during).toBeGreaterThan(5);
    const after = await contentUnder(place, { key: NEW });
    expect(after).toMatchObject(content);
    for (const line of writer.lines) {
      const [, version, value] = /^(\d+) (.*)$/.exec(line) ?? [];
      expect(after[`live:counter ${version}`]).toMatchObject({ value });
    }
    expect(after['live:counter']).toBe(writer.lines.length);
  });
});
