// Row K of quality.md for a move between a file and a topic: it is killed at each of its steps. After each kill at most
// one of the two places takes changes, and the same command ends the move with nothing lost.
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/registry/migration.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { CommandLine, registryAt } from '../process/command-line.ts';
import {
  linesAt,
  makeSmallRegistry,
  moveOptions,
  recordsAt,
} from '../process/migration-registry.ts';
import { startScript } from '../process/rotation-process.ts';
import { contentUnder, OLD, openFile } from '../process/rotation-registry.ts';
import { caller, codeOf, keyText, path, write } from '../registry/fixture.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { runningProcesses } from '../process/running.ts';

describeKafka('a move that is killed', () => {
  let broker: Broker;
  let topics = 0;
  let folder: ReturnType<typeof registryFolder>;

  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());
  beforeEach(() => {
    folder = registryFolder();
  });
  afterEach(() => folder.remove());
  // Behind that hook, and so ended before it: hooks at the end run from the last one on.
  const running = runningProcesses();

  const newTopic = () => {
    topics += 1;
    return `kafka://${broker.address}/move-${topics}`;
  };

  interface Direction {
    name: string;
    prepare: () => Promise<{ from: string; to: string }>;
    /** Nothing is in the target; what was moved away from it is copied as a whole again after each kill. */
    isNew: boolean;
  }

  const fileToTopic: Direction = {
    name: 'from a file to a topic',
    prepare: async () => {
      await makeSmallRegistry(folder.file);
      return { from: folder.file, to: newTopic() };
    },
    isNew: true,
  };
  const topicToFile: Direction = {
    name: 'from a topic to a file',
    prepare: async () => {
      const from = newTopic();
      await makeSmallRegistry(from);
      return { from, to: folder.file };
    },
    isNew: true,
  };
  const back: Direction = {
    name: 'from a topic back to the file it came from',
    prepare: async () => {
      const from = newTopic();
      await makeSmallRegistry(folder.file);
      await migrate(moveOptions(folder.file, from));
      const { core, close } = await openFile(from, { key: OLD });
      const registry = registryFor(core, caller);
      await registry.write([write('connector-1', 'key-1', 'changed'), write('new', 'key', 'new')]);
      await registry.delete({ path: path('connector-2') }, { permanent: true });
      await close();
      return { from, to: folder.file };
    },
    isNew: false,
  };

  /** What a move does, each a line of its process. */
  const stepsOf = ({ isNew }: Direction) => [
    ...['make the target', 'commit to the source', 'commit to the target', 'commit to the target'],
    ...Array.from({ length: isNew ? 2 : 1 }, () => 'append lines to the target'),
    ...['commit to the source', 'append lines to the target', 'commit to the target'],
  ];

  describe.each([fileToTopic, topicToFile, back])('$name', (direction) => {
    const { prepare, isNew } = direction;
    const steps = stepsOf(direction);
    const [MOVING, MOVED, MADE] = [2, steps.length - 2, steps.length];

    /** With which code a change is refused at either side after so many steps. */
    const answersAfter = (committed: number) => {
      const copy = committed > MOVING ? 'not-a-registry' : 'no-registry';
      return {
        source:
          committed < MOVING
            ? 'no error'
            : committed < MOVED
              ? 'registry-moving'
              : 'registry-moved',
        target: committed === MADE ? 'no error' : isNew ? copy : 'registry-moved',
      };
    };

    // Between a step and the next one lies only the right to write, which the dead has in its hand then.
    const rows = [
      ...steps.map((what, i) => ['before', i + 1, what] as const),
      ['after', MADE, steps.at(-1)] as const,
    ];

    test.each(rows)('right %s step %i, %s', async (when, step) => {
      const { from, to } = await prepare();
      const made = await standing(from, to);
      const beside = await openFile(from, { key: OLD });
      const child = startScript(running, 'migration-child.ts', from, to, when, String(step));
      expect(await child.ended).toBe('SIGKILL');
      expect(child.lines).toEqual(steps.slice(0, step));

      const committed = when === 'after' ? step : step - 1;
      const answers = {
        source: await codeOf(registryFor(beside.core, caller).write([live('the source')])),
        target: await codeOf(putInto(to, 'the target')),
      };
      expect(answers).toEqual(answersAfter(committed));
      expect(Object.values(answers).filter((answer) => answer === 'no error').length).toBeLessThan(
        2,
      );

      await migrate(moveOptions(from, to));
      await expectMoved(made);
      const source = await recordsAt(from);
      const moved = await recordsAt(to);
      if (answers.target === 'no error') expect(moved).toMatchObject(source);
      else expect(moved).toEqual(source);
      const side = Object.entries(answers).find(([, answer]) => answer === 'no error')?.[0];
      expect((await contentUnder(to, { key: OLD }))['live:counter 1']).toEqual(
        side === undefined ? undefined : expect.objectContaining({ value: `from the ${side}` }),
      );
      expect(await codeOf(registryFor(beside.core, caller).write([live('late')]))).toBe(
        'registry-moved',
      );
      await beside.close();
    });
  });

  describe.each([fileToTopic, topicToFile])('$name, again and again', (direction) => {
    test('after the first commit of each run', async () => {
      const { from, to } = await direction.prepare();
      const made = await standing(from, to);
      const kills = await untilDone(async () => {
        return startScript(running, 'migration-child.ts', from, to, 'after', '2').ended;
      });
      // Each step once, but for the first, with which each run begins.
      expect(kills).toBe(stepsOf(direction).length - 1);
      expect(await recordsAt(to)).toEqual(made.held);
      await expectMoved(made);
    });
  });

  // What the file is asked for: two marks of the source, or its own making, a copy in four commits, the last lines, the end.
  test.each([
    [fileToTopic.name, 2, fileToTopic.prepare],
    [topicToFile.name, 7, topicToFile.prepare],
  ])(
    '%s, as the command line, killed %i times after a commit to the file',
    async (_, count, prepare) => {
      const { from, to } = await prepare();
      const made = await standing(from, to);
      const shell = new CommandLine();
      try {
        const key = ['--master-key-file', shell.file('master.key', keyText())];
        const preload = resolve('fixtures/scripts/killed-after-commits.mjs');
        const env = { COMMITS: '1', NODE_OPTIONS: `--import ${preload}` };
        const secretreg = (args: string, place: string, options = {}) =>
          shell.run([...args.split(' '), '--registry', registryAt(place), ...key], options);
        const move = `migrate --to ${registryAt(to)}`;
        expect(await untilDone(async () => (await secretreg(move, from, { env })).end)).toBe(count);
        expect(await secretreg(move, from)).toMatchObject({ end: 0, stderr: '' });
        expect(await secretreg('audit verify', to)).toMatchObject({
          end: 0,
          stdout: expect.stringMatching(/^\d+ lines fit/),
        });
        expect(await secretreg('list', from)).toEqual({
          end: 78,
          stdout: '',
          stderr:
            `secretreg: the registry at ${registryAt(from)} was moved to ${registryAt(to)}\n` +
            `hint: secretreg list --registry ${registryAt(to)}    (so with every command; or SECRETREG_REGISTRY=${registryAt(to)})\n`,
        });
      } finally {
        shell.remove();
      }
      await expectMoved(made);
    },
  );

  test.each([fileToTopic, topicToFile])(
    'loses no write that was acknowledged before the source took none: $name',
    async ({ prepare }) => {
      const { from, to } = await prepare();
      const { core, close } = await openFile(from, { key: OLD });
      const registry = registryFor(core, caller);
      let child: ReturnType<typeof startScript> | undefined;
      let refused = '';
      let acknowledged = 0;
      for (; refused === ''; await setImmediate()) {
        if (acknowledged === 3) child ??= startScript(running, 'migration-child.ts', from, to);
        const end = await codeOf(registry.write([live(`${acknowledged + 1}`)]));
        if (end === 'no error') acknowledged += 1;
        else refused = end;
      }
      expect(refused).toMatch(/^registry-mov(ing|ed)$/);
      expect(await child?.ended).toBe(0);
      await close();
      const content = await contentUnder(to, { key: OLD });
      expect(content).toMatchObject({ 'live:counter': acknowledged, alarms: [] });
      for (let version = 1; version <= acknowledged; version += 1) {
        expect(content[`live:counter ${version}`]).toMatchObject({ value: `from ${version}` });
      }
      expect(await recordsAt(to)).toEqual(await recordsAt(from));
    },
  );

  /** Runs it until it is not killed any more; answers how often it was. */
  async function untilDone(run: () => Promise<number | string>): Promise<number> {
    for (let kills = 0; ; kills += 1) {
      const end = await run();
      if (end === 0) return kills;
      expect(end).toBe('SIGKILL');
    }
  }

  /** What the source holds before the move. */
  async function standing(from: string, to: string) {
    const { kids: _, ...content } = await contentUnder(from, { key: OLD });
    return { from, to, held: await recordsAt(from), content };
  }

  const live = (whence: string) => write('live', 'counter', `from ${whence}`);

  async function putInto(place: string, whence: string): Promise<void> {
    const { core, close } = await openFile(place, { key: OLD });
    try {
      await registryFor(core, caller).write([live(whence)]);
    } finally {
      await close();
    }
  }

  async function expectMoved(made: Awaited<ReturnType<typeof standing>>): Promise<void> {
    const { from, to, held, content } = made;
    expect(await recordsAt(to)).toMatchObject(held);
    const now = await contentUnder(to, { key: OLD });
    expect(now).toMatchObject({ ...content, alarms: [], auditFault: undefined });
    const trail = await linesAt(from);
    expect((await linesAt(to)).slice(0, trail.length)).toEqual(trail);
    expect(await codeOf(openFile(from, { key: OLD }))).toBe('registry-moved');
  }
});
