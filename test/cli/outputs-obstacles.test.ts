// Row F of quality.md: whatever lies in the place of a file that the built program writes, or comes there meanwhile, nothing
// is written through it.
import { spawnSync } from 'node:child_process';
import {
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CommandLine, Ended } from '../process/command-line.ts';
import { keyText } from '../registry/fixture.ts';
import { type Fate, type Obstacle, obstacles, type Output } from './outputs.ts';
import {
  below,
  cases,
  contentFor,
  modeOf,
  newHome,
  NOTHING,
  putFile,
  run,
  wantedMode,
} from './outputs-home.ts';

describe.each(obstacles)('where a %s lies in its place', (obstacle) => {
  test.each(cases(({ fates }) => fates[obstacle] !== undefined))(
    '$title ($by)',
    async ({ output }) => {
      const { line, place } = newHome(output);
      const victim = putVictim(line, contentFor(line, output));
      putObstacle(obstacle, place, victim);
      await expectFate(output, output.fates[obstacle], { line, place, victim });
    },
  );
});

/** What a name stands for: where it leads to, or which file it is, with its mode and content. */
function look(place: string): unknown {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  if (stat.isSymbolicLink()) return readlinkSync(place);
  return [stat.ino, stat.mode, stat.isFile() ? readFileSync(place, 'utf8') : ''];
}

function putVictim(line: CommandLine, content: string): string {
  const victim = join(line.home, 'victim', 'there');
  putFile(victim, content, 0o640);
  return victim;
}

function putObstacle(obstacle: Obstacle, place: string, victim: string): void {
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  rmSync(place, { force: true });
  switch (obstacle) {
    case 'file':
      return putFile(place, readFileSync(victim, 'utf8'), 0o666);
    case 'link':
      return symlinkSync(victim, place);
    case 'dangling link':
      return symlinkSync(join(dirname(victim), 'nowhere'), place);
    case 'hard link':
      return linkSync(victim, place);
    case 'folder':
      mkdirSync(place, 0o700);
      return;
    case 'pipe':
      return void spawnSync('mkfifo', [place]);
    case 'device':
      // By a link: what a fault would put in its place is the link.
      return symlinkSync('/dev/null', place);
  }
}

interface Scene {
  line: CommandLine;
  place: string;
  victim: string;
}

/** Runs the command, and looks at the place and at the victim. */
async function expectFate(
  output: Output,
  fate: Fate | undefined,
  { line, place, victim }: Scene,
  command = () => run(line, output),
): Promise<void> {
  const before = { place: look(place), victim: look(victim) };
  const old = statSync(place, { throwIfNoEntry: false });
  const isFile = lstatSync(place, { throwIfNoEntry: false })?.isFile() === true;
  const { end, stderr } = await command();
  expect(stderr).not.toContain('a fault of secretreg itself');
  expect(look(victim)).toEqual(before.victim);
  expect(readdirSync(dirname(victim))).toEqual(['there']);
  expect([...below(line.home).keys()].filter((name) => /\.tmp(?:-|$)/.test(name))).toEqual([]);
  if (fate === 'refused') {
    expect(end).toBeOneOf([1, 2, 3, 78]);
    expect(stderr).toMatch(/^secretreg: /m);
    expect(look(place)).toEqual(before.place);
    return;
  }
  expect([end, lstatSync(place).isFile()]).toEqual([0, true]);
  expect(look(place)).not.toEqual(before.place);
  const umask = 0o022;
  expect(modeOf(place)).toBe(
    wantedMode(output, umask, isFile ? (old?.mode ?? 0) & 0o777 : undefined),
  );
}

test.each(['-wal', '-shm', '-journal'])('a link in the place of registry.db%s', async (end) => {
  const { line } = newHome(NOTHING);
  const victim = putVictim(line, '');
  symlinkSync(victim, join(line.home, `registry.db${end}`));
  const before = look(victim);
  const ended = await run(line, { args: ['get', 'orders', 'password'] });
  expect(ended.stderr).not.toContain('a fault of secretreg itself');
  expect(look(victim)).toEqual(before);
});

describe('where a link comes while it waits for the key', () => {
  test.each(cases(({ waitsForKey }) => waitsForKey === true))(
    'in its place: $title ($by)',
    async ({ output }) => {
      const { line, place } = newHome(output);
      const victim = putVictim(line, contentFor(line, output));
      const { link } = output.fates;
      const swap = () => putObstacle('link', place, victim);
      const command = () => whileItWaits(line, output, swap);
      const scene = { line, place: link === 'refused' ? victim : place, victim };
      await expectFate(output, link, scene, command);
      if (link === 'refused') expect(readlinkSync(place)).toBe(victim);
    },
  );

  test.each(cases(({ swapped }) => swapped !== undefined))(
    'in the place of its folder: $title ($by)',
    async ({ output }) => {
      const { line, place } = newHome(output);
      const out = join(line.home, 'out');
      const victim = join(line.home, 'victim', 'there');
      putVictim(line, '');
      const elsewhere = join(line.home, 'elsewhere');
      putFile(place.replace(out, elsewhere), 'of somebody else', 0o640);
      const swap = () => {
        renameSync(out, `${out}-before`);
        symlinkSync(elsewhere, out);
      };
      const theirs = place.replace(out, elsewhere);
      const command = () => whileItWaits(line, output, swap);
      await expectFate(output, output.swapped, { line, place: theirs, victim }, command);
      expect([...below(`${out}-before`)]).toEqual([]);
    },
  );
});

/** The key comes through a pipe: when somebody has it open to read, the command has begun, and waits. */
async function whileItWaits(line: CommandLine, output: Output, swap: () => void): Promise<Ended> {
  const pipe = join(line.home, 'key.pipe');
  spawnSync('mkfifo', ['-m', '600', pipe]);
  const ended = run(line, output, { env: { SECRETREG_MASTER_KEY_FILE: '@key.pipe' } });
  const opened = open(pipe, 'w');
  const first = await Promise.race([opened, ended]);
  if ('end' in first) {
    // Nobody asks for the key any more: the open is to end as well.
    const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    await (await opened).close();
    await reader.close();
    throw new Error(`it did not wait for the key: ${first.stderr}`);
  }
  swap();
  await first.writeFile(`${keyText()}\n`);
  await first.close();
  return ended;
}

describe('where a link lies under the temporary name', () => {
  const env = {
    NODE_OPTIONS: `--import ${fileURLToPath(new URL('same-names.ts', import.meta.url))}`,
  };
  const hasTemporary = ({ fates, by }: Output) =>
    fates['hard link'] === 'replaced' || by.startsWith('backup');

  test.each(cases(hasTemporary))('$title ($by)', async ({ output }) => {
    const { line, place } = newHome(output);
    const victim = putVictim(line, 'of somebody else');
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    symlinkSync(victim, join(dirname(place), `.secretreg-${'00'.repeat(8)}.tmp`));
    await expectFate(output, 'refused', { line, place, victim }, () => run(line, output, { env }));
  });
});
