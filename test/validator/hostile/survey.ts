// Many damaged files, one after another. Each has a seed of its own, by which it is made again.
import { generator } from '../../random.ts';
import { type Looked, lookAt } from './laws.ts';
import { mutated } from './mutations.ts';
import type { Seed } from './seeds.ts';

/** How many files in all. */
export const FILES = Number(process.env['SECRETREG_TEST_HOSTILE'] ?? 50_000);
/** The same for each change, so that what fails is the change's doing; a release is tried with others. */
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? 20_261_127);

export interface Survey {
  /** What does not hold, with the file's seed and the beginning of its text. */
  broken: string[];
  files: number;
  /** Of how many each is true. */
  withFindings: number;
  mended: number;
  resolved: number;
  externalized: number;
  named: number;
}

export async function survey(seeds: readonly Seed[], files: number): Promise<Survey> {
  console.log(`SECRETREG_TEST_SEED=${SEED}`);
  const sum: Survey = {
    broken: [],
    files,
    withFindings: 0,
    mended: 0,
    resolved: 0,
    externalized: 0,
    named: 0,
  };
  for (let index = 0; index < files; index += 1) {
    const seed = seeds[index % seeds.length];
    if (seed === undefined) throw new Error('there is nothing to damage');
    const text = mutated(seed.text, generator(SEED * 1_000_003 + index));
    add(sum, await lookAt(`x${seed.extension}`, text), () => `${seed.name} ${index} of ${SEED}`);
  }
  return sum;
}

function add(sum: Survey, looked: Looked, which: () => string): void {
  if (looked.findings > 0) sum.withFindings += 1;
  if (looked.fixed > 0) sum.mended += 1;
  if (looked.isResolved) sum.resolved += 1;
  if (looked.isExternalized) sum.externalized += 1;
  if (looked.isNamed) sum.named += 1;
  for (const { law, what } of looked.broken) sum.broken.push(`${which()}: ${law}: ${what}`);
}

/** The least share of the files that leaves something to look at, and the largest that is not looked at. */
const LEAST = { withFindings: 0.7, mended: 0.005, resolved: 0.1, externalized: 0.04 };
const MOST_NAMED = 0.02;

/** What there is too little of, for the laws to say anything. */
export function tooFew(sum: Survey): string[] {
  const few = (Object.keys(LEAST) as (keyof typeof LEAST)[]).filter(
    (name) => sum[name] < LEAST[name] * sum.files,
  );
  return sum.named > MOST_NAMED * sum.files ? [...few, 'credentials that are no names'] : few;
}
