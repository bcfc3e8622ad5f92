// Mends a file: in rounds, since a text that was mended may have a fault that could not be seen before, and since two edits
// of one round may overlap.
import { applyEdits, type Edit } from '../documents/edit.ts';
import type { FileReport } from './diagnostic.ts';
import type { Input } from './validate.ts';

export type Check = (input: Input) => Promise<FileReport>;

export interface Mended {
  text: string;
  /** What was found in it before. */
  before: FileReport;
  /** What is left in it. */
  report: FileReport;
  /** How many findings are gone. */
  fixed: number;
}

/** Fixes that undo each other would go on for ever. No file needs half as many rounds. */
const MOST_ROUNDS = 100;

/** Applies the fixes of what `check` finds and `shown` keeps, until there are none. The same text where there is nothing to do. */
export async function mend(
  input: Input,
  check: Check,
  shown: (report: FileReport) => FileReport = (report) => report,
): Promise<Mended> {
  const before = await check(input);
  let it: Mended = { text: input.text, before, report: before, fixed: 0 };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const edits = compatibleEdits(shown(it.report));
    const text = applyEdits(it.text, edits.flat());
    if (text === it.text) break;
    const report = await check({ ...input, text });
    refuseDamage(before, report);
    it = { text, before, report, fixed: it.fixed + edits.length };
  }
  return it;
}

/** Of fixes that overlap the first one is taken: the others are for the next round. */
function compatibleEdits({ diagnostics }: FileReport): Edit[][] {
  const all = diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix.edits]));
  const taken: Edit[][] = [];
  let done = -1;
  for (const edits of all.toSorted((a, b) => beginOf(a) - beginOf(b))) {
    if (beginOf(edits) <= done) continue;
    taken.push(edits);
    done = Math.max(...edits.map(({ offset, length }) => offset + length));
  }
  return taken;
}

function beginOf(edits: readonly Edit[]): number {
  return Math.min(...edits.map(({ offset }) => offset));
}

/** An edit that breaks a file is a bug in the code of its format; nothing may be written then. */
function refuseDamage(before: FileReport, after: FileReport): void {
  if (after.connectors !== before.connectors)
    throw new Error(`${before.connectors} connectors became ${after.connectors}`);
}
