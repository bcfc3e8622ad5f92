// Random sequences of moves, shrunk to a short one where the registry and the model differ.
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Kinds, moves } from './arbitrary.ts';
import { known, type Place, type Real } from './moves.ts';

const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
const IS_RELEASE = process.env['SECRETREG_TEST_SIZE'] === 'release';
const SEQUENCES = Number(process.env['SECRETREG_TEST_RUNS'] ?? (IS_RELEASE ? 10_000 : 300));

/** How many: all of them in memory, a share of them where each costs more. */
export function sequences(share: number): number {
  return Math.ceil(SEQUENCES * share);
}

/** Of fewer sequences nobody can say in how many ways they end: they may all be short ones. */
const ENOUGH = 30;

/**
 * Fails with the shortest sequence that it found, or where enough of them end in fewer than `ends` ways; answers how
 * often each was asked and how that ended. `SECRETREG_TEST_SEED` repeats a run.
 */
export async function runModel(
  title: string,
  runs: number,
  kinds: Kinds & { most?: number; ends: number },
  make: () => Promise<Place>,
): Promise<ReadonlyMap<string, number>> {
  let made = 0;
  const met = new Map<string, number>();
  const { most = 150 } = kinds;
  const property = fc.asyncProperty(
    fc.commands(moves(kinds), { maxCommands: most, size: 'max' }),
    async (sequence) => {
      const place = await make();
      const real: Real = { place, processes: [] as unknown as Real['processes'], tokens: [], met };
      const is = known();
      try {
        try {
          for (const at of [0, 1] as const) real.processes[at] = await place.open(at, 0);
          await fc.asyncModelRun(() => ({ model: is, real }), sequence);
        } finally {
          for (const one of real.processes) await one.close();
        }
        await place.verify(is.masterKey);
      } finally {
        await place.remove();
      }
      made += [...sequence].length;
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: runs });
  console.log(
    `SECRETREG_TEST_SEED=${SEED} ${title}: ${runs} sequences, ${made} moves, ${met.size} ways to end`,
  );
  if (runs >= ENOUGH) expect(met.size).toBeGreaterThan(kinds.ends);
  return met;
}
