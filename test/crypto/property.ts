// Runs a property with a seed that is printed: `SEED=… npx vitest run …` repeats a run, `RUNS=1000000 … --testTimeout
// 600000` makes it long, and `RUNS=1000` short.
import fc from 'fast-check';

export function checkProperty<T>(
  title: string,
  runs: number,
  arbitrary: fc.Arbitrary<T>,
  holds: (sample: T) => void,
): void {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = Number(process.env.RUNS ?? runs);
  console.log(`${title}: ${numRuns} runs, SEED=${seed}`);
  const property = fc.property(arbitrary, (sample) => {
    holds(sample);
  });
  fc.assert(property, { seed, numRuns });
}
