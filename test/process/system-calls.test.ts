// Row S of quality.md: a call of the system fails, or the process is killed in it, at places spread over all that commands
// call. What was acknowledged is there and audited, nothing is there in part, and it ends with a sentence and its exit code.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { generator } from '../random.ts';
import { CommandLine, type Ended } from './command-line.ts';
import {
  type Effect,
  type Found,
  harmedCommands,
  isBegun,
  look,
  makeHome,
  runAtHome,
  told,
} from './harmed-commands.ts';
import { DONE } from './rotation-process.ts';
import { startUp, storeAt, withRotation } from './rotation-registry.ts';
import {
  callsIn,
  describeTraced,
  type Harm,
  harmsTo,
  hasStruck,
  type SystemCall,
  traced,
} from './strace.ts';

const POINTS = Number(process.env['SECRETREG_TEST_POINTS'] ?? 60);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Far more than any of them takes: one that is still there hangs. */
const HANGS_MS = 60_000;

interface Point {
  command: string;
  call: SystemCall;
  harm: Harm;
}

/** Where something was lost or wrongly told once: the last call of that kind is always harmed. */
const ONCE_WRONG = [
  ['get', 'close', 'master.key', 'EIO'],
  ['export', 'fsync', 'all.json', 'ENOSPC'],
  ['put', 'write', 'stdout', 'EIO'],
  ['rotate', 'pwrite64', 'registry.db-wal', 'ENOSPC'],
] as const;

const template = new CommandLine();
let before: Awaited<ReturnType<typeof makeHome>>;
let beforeEvents: Found['events'];
beforeAll(async () => {
  before = await makeHome(template);
  beforeEvents = (await look(template.home, '')).events;
});
afterAll(() => template.remove());

const lines: CommandLine[] = [];
afterEach(() => {
  for (const line of lines.splice(0)) line.remove();
});

interface Ran extends Ended {
  line: CommandLine;
  log: string;
}

async function run(command: string, inject?: { call: SystemCall; harm: Harm }): Promise<Ran> {
  const line = new CommandLine();
  lines.push(line);
  cpSync(template.home, line.home, { recursive: true });
  const { args, input } = harmedCommands[command]!;
  const log = join(line.home, 'strace.log');
  const ended = await runAtHome(line, args, {
    ...(input !== undefined && { input }),
    through: traced(log, inject),
    timeoutMs: HANGS_MS,
  });
  return { ...ended, line, log };
}

/** Every harm to every call of every command, those of one kind together. */
async function allPoints(): Promise<Point[][]> {
  const kinds = new Map<string, Point[]>();
  for (const command of Object.keys(harmedCommands)) {
    const { end, line, log, stdout, stderr } = await run(command);
    expect([command, end, stderr.includes('cannot')]).toEqual([command, 0, false]);
    const found = await look(line.home, stdout);
    expect([command, effectOf(command, found)]).toEqual([command, 'whole']);
    for (const call of callsIn(log, line.home)) {
      for (const harm of harmsTo(call)) {
        const kind = `${command} ${call.name} ${harm}`;
        kinds.set(kind, [...(kinds.get(kind) ?? []), { command, call, harm }]);
      }
    }
  }
  return [...kinds.values()];
}

/** One of each kind after the other, in an order that the seed decides, until all are drawn. */
function* drawn(kinds: readonly Point[][], random: () => number): Iterable<Point> {
  for (const known of ONCE_WRONG) {
    const isKnown = ({ command, call, harm }: Point) =>
      known.join() === [command, call.name, call.of, harm].join();
    const point = kinds.flat().findLast(isKnown);
    if (point === undefined) throw new Error(`there is no ${known.join(' ')}`);
    yield point;
  }
  const left = kinds.map((points) => shuffled(points, random));
  while (left.some((points) => points.length > 0)) {
    for (const points of shuffled(left, random)) {
      const point = points.pop();
      if (point !== undefined) yield point;
    }
  }
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function effectOf(command: string, found: Found): Effect {
  return harmedCommands[command]!.effect(found, before);
}

/** What has to hold whatever befell the command; the answer is what it was told and what became of it. */
async function expectSound({ command, harm }: Point, ran: Ran): Promise<string> {
  if (harm === 'SIGKILL') expect(ran.end).toBe('SIGKILL');
  else expect(ran.end).toBeOneOf([0, 1, 3, 4, 78]);
  for (const text of ran.stderr.split('\n').slice(0, -1)) {
    expect(text).toMatch(/^(?:secretreg|hint): /);
    expect(text).not.toContain('a fault of secretreg itself');
  }
  if (typeof ran.end === 'number' && ran.end > 0) expect(ran.stderr).not.toBe('');
  const found = await look(ran.line.home, ran.stdout);
  const effect = effectOf(command, found);
  expect(effect).not.toBe('torn');
  const answer = told(ran);
  if (answer === 'done') expect(effect).toBe('whole');
  if (answer === 'not done') expect([effect, isBegun(found, effect)]).toEqual(['none', false]);
  const { method } = harmedCommands[command]!;
  if (isBegun(found, effect))
    expect(found.events[method] ?? 0).toBeGreaterThan(beforeEvents[method] ?? 0);
  if (command === 'rotate') await expectRotationGoesOn(ran.line.home);
  return `${answer}, ${effect}`;
}

async function expectRotationGoesOn(home: string): Promise<void> {
  const file = join(home, 'registry.db');
  if ((await startUp(file)).new !== DONE.new || (await startUp(file)).old !== DONE.old)
    await withRotation(await storeAt(file), (rotation) => rotation.run());
  const after = await look(home, '');
  expect([after.startUp, after.values]).toEqual([DONE, before]);
}

describeTraced('calls of the system that fail', () => {
  test(
    `lose nothing at ${POINTS} places (seed ${SEED})`,
    async () => {
      console.log(`SECRETREG_TEST_SEED=${SEED}`);
      const random = generator(SEED);
      const kinds = await allPoints();
      const points = drawn(kinds, random)[Symbol.iterator]();
      const outcomes: Record<string, number> = {};
      const failures: string[] = [];
      let struck = 0;
      const work = async () => {
        for (let next = points.next(); !next.done && struck < POINTS; next = points.next()) {
          const { command, call, harm } = next.value;
          const what = `${harm} at ${call.name} ${call.nth} of ${call.of} in ${command}`;
          const ran = await run(command, next.value);
          if (!hasStruck(ran.log, next.value)) continue;
          struck += 1;
          await expectSound(next.value, ran).then(
            (outcome) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1),
            (error: Error) => failures.push(`${what}: ${ran.end} ${ran.stderr}${error.message}`),
          );
          ran.line.remove();
        }
      };
      await Promise.all([work(), work()]);
      const all = kinds.flat().length;
      console.log(`${struck} of ${all} places harmed, ${failures.length} lost`, outcomes);
      expect(failures).toEqual([]);
      expect(struck).toBeGreaterThanOrEqual(Math.min(POINTS, all * 0.9));
    },
    Math.max(POINTS * 10_000, 300_000),
  );
});
