// Row M of quality.md: two processes on one log in memory, with faults of every commit.
import { expect, test } from 'vitest';
import { random } from '../../../src/crypto/primitives.ts';
import { type MemoryFaults, MemoryLog, MemoryStore } from '../../../src/store/memory.ts';
import { environment } from '../fixture.ts';
import { KINDS } from './arbitrary.ts';
import { localPlace } from './local.ts';
import { runModel, sequences } from './run.ts';

const RUNS = sequences(1);

/** How what is asked can end beside well. */
const CODES = [
  'audit-unavailable',
  'bad-metadata',
  'commit-rejected',
  'grant-not-found',
  'key-not-found',
  'not-allowed',
  'not-authenticated',
  'nothing-to-restore',
  'outcome-unknown',
  'path-not-found',
  'store-unavailable',
  'user-not-found',
  'version-deleted',
  'version-moved-on',
  'version-not-found',
  'wrong-master-key',
];

test(`a registry does what a map does, in ${RUNS} random sequences with faults`, async () => {
  const met = await runModel('memory', RUNS, { rotations: 9, ends: 40 }, async () => {
    const log = new MemoryLog();
    const faults: Required<MemoryFaults> = { commits: [], audits: [] };
    const place = await localPlace(
      () => new MemoryStore(log, faults),
      () => undefined,
      { ...environment(), random },
    );
    return {
      ...place,
      plant: (what, fault) => faults[what === 'change' ? 'commits' : 'audits'].push(fault),
      async verify(masterKey) {
        expect(faults).toEqual({ commits: [], audits: [] });
        await place.verify(masterKey);
      },
    };
  });
  // Of fewer sequences nobody can say that they meet everything.
  if (RUNS < 300) return;
  const codes = new Set([...met.keys()].map((end) => end.split(' ')[1] ?? ''));
  expect({
    never: KINDS.filter((kind) => !met.has(`${kind} ok`)),
    missing: CODES.filter((code) => !codes.has(code)),
  }).toEqual({ never: [], missing: [] });
}, 3_600_000);
