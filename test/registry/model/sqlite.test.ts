// Row M of quality.md on a file: two connections, and a connection here with one in a process of its own.
import { test } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../../store/sqlite-folder.ts';
import { ChildProcess, killed } from './child-process.ts';
import { localPlace } from './local.ts';
import type { Place } from './moves.ts';
import { runModel, sequences } from './run.ts';

const CONNECTIONS = sequences(0.1);
const PROCESSES = sequences(0.02);

async function fileOf(): Promise<Place & { file: string }> {
  const { file, remove } = registryFolder();
  const place = await localPlace(() => new SqliteStore({ file }), remove);
  return { ...place, file };
}

test(`two connections to a file, in ${CONNECTIONS} random sequences`, async () => {
  await runModel('two connections', CONNECTIONS, { rotations: 9, ends: 40 }, fileOf);
}, 3_600_000);

test(`two processes with one file, in ${PROCESSES} random sequences`, async () => {
  await runModel('two processes', PROCESSES, { rotations: 9, ends: 40 }, async () => {
    const place = await fileOf();
    return {
      ...place,
      open: (at, masterKey) =>
        at === 0 ? place.open(at, masterKey) : killed(ChildProcess.open(place.file, masterKey)),
    };
  });
}, 3_600_000);
