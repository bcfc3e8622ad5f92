// Row M of quality.md for people: each question is a command of `secretreg` in a process of its own, on a file.
import { expect, test } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { CommandLine } from '../../process/command-line.ts';
import { registryFolder } from '../../store/sqlite-folder.ts';
import { CommandProcess, isAskable, keyFile, toldByCommand } from './command-line.ts';
import { localPlace } from './local.ts';
import type { Place } from './moves.ts';
import { runModel, sequences } from './run.ts';

const RUNS = sequences(0.013);

test(`commands do what a map does, in ${RUNS} random sequences`, async () => {
  const kinds = { asks: isAskable, rotations: 9, tokens: false, most: 40, ends: 10 };
  await runModel('commands', RUNS, kinds, commands);
}, 3_600_000);

async function commands(): Promise<Place> {
  const line = new CommandLine();
  const { file, remove } = registryFolder();
  const place = await localPlace(() => new SqliteStore({ file }), remove);
  return {
    ...place,
    open: async (_, masterKey) => new CommandProcess(line, file, masterKey),
    told: toldByCommand,
    async rotate(from) {
      const keys = ['--master-key-file', keyFile(line, from)];
      const args = ['rotate', '--new-key-file', keyFile(line, from + 1), ...keys];
      const { end, stderr } = await line.run([...args, '--registry', `file:${file}`]);
      expect([end, end === 0 ? '' : stderr]).toEqual([0, '']);
    },
    async remove() {
      line.remove();
      await place.remove();
    },
  };
}
