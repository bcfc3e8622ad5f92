// The change of a file as a unified diff for people. Values are hidden as in the reports, so it shows where a change is, and is
// no patch.
import type { SourceDocument } from '../documents/document.ts';
import type { Place } from '../documents/position.ts';
import { readSource } from '../documents/read.ts';
import { shownText } from './frame.ts';
import { hiddenParts } from './hidden.ts';
import { providersOf, shapeOptions, type ValidateOptions } from './validate.ts';

/** `@` for the place of the lines that follow. */
export interface DiffLine {
  sign: '@' | ' ' | '-' | '+';
  text: string;
}

/** Lines that are shown around those that change. */
const CONTEXT = 3;
/** Columns that are shown on each side of what changes in a long line. */
const BESIDE = 40;
/** Columns of the longest line that is shown whole. */
const WIDTH = 100;

/** The diff of two texts of a file; empty where they are equal. */
export async function shownDiff(
  before: string,
  after: string,
  options: ValidateOptions,
): Promise<DiffLine[]> {
  const [one, other] = [await textOf(before, options), await textOf(after, options)];
  return hunksOf(changesBetween(one, other), one.lines.length).flatMap((hunk) =>
    linesOf(hunk, one, other),
  );
}

interface Text {
  text: string;
  lines: readonly Place[];
  hidden: readonly Place[];
}

async function textOf(text: string, options: ValidateOptions): Promise<Text> {
  const providers = providersOf(options);
  const { documents } = await readSource(text, shapeOptions(providers));
  const [document] = documents as readonly [SourceDocument];
  return { text, lines: placesOfLines(text), hidden: hiddenParts(document, providers) };
}

function placesOfLines(text: string): Place[] {
  const lines: Place[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (const { index, 0: mark } of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, end: index });
    start = index + mark.length;
  }
  if (start < text.length) lines.push({ start, end: text.length });
  return lines;
}

/** The lines from `start` to `end` become those from `otherStart` to `otherEnd` of the other text; the ends are exclusive. */
interface Change {
  start: number;
  end: number;
  otherStart: number;
  otherEnd: number;
}

/** Line by line where their number stays, as it mostly does; otherwise all from the first line that differs to the last. */
function changesBetween(one: Text, other: Text): Change[] {
  const lineOf = ({ text, lines }: Text, at: number) => {
    const line = lines[at];
    return line && text.slice(line.start, line.end);
  };
  const [count, otherCount] = [one.lines.length, other.lines.length];
  const differs = (at: number, otherAt = at) => lineOf(one, at) !== lineOf(other, otherAt);
  if (count === otherCount) {
    return [...one.lines.keys()].flatMap((at) =>
      differs(at) ? [{ start: at, end: at + 1, otherStart: at, otherEnd: at + 1 }] : [],
    );
  }
  const shorter = Math.min(count, otherCount);
  let start = 0;
  while (start < shorter && !differs(start)) start += 1;
  let behind = 0;
  while (behind < shorter - start && !differs(count - 1 - behind, otherCount - 1 - behind))
    behind += 1;
  const [end, otherEnd] = [count - behind, otherCount - behind];
  return [{ start, end, otherStart: start, otherEnd }];
}

/** Changes with the lines around them, which would overlap or touch. */
interface Hunk extends Change {
  changes: Change[];
}

function hunksOf(changes: readonly Change[], count: number): Hunk[] {
  const hunks: Hunk[] = [];
  for (const change of changes) {
    const start = Math.max(0, change.start - CONTEXT);
    const end = Math.min(count, change.end + CONTEXT);
    const otherStart = change.otherStart - (change.start - start);
    const otherEnd = change.otherEnd + (end - change.end);
    const last = hunks.at(-1);
    if (last === undefined || start > last.end)
      hunks.push({ start, end, otherStart, otherEnd, changes: [change] });
    else {
      last.changes.push(change);
      Object.assign(last, { end, otherEnd });
    }
  }
  return hunks;
}

function linesOf(hunk: Hunk, one: Text, other: Text): DiffLine[] {
  const { start, end, otherStart, otherEnd, changes } = hunk;
  const head = `@@ -${start + 1},${end - start} +${otherStart + 1},${otherEnd - otherStart} @@`;
  const lines: DiffLine[] = [{ sign: '@', text: head }];
  const keep = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) lines.push({ sign: ' ', text: keptLine(one, at) });
  };
  let done = start;
  for (const change of changes) {
    keep(done, change.start);
    lines.push(...changedLines(change, one, other));
    done = change.end;
  }
  keep(done, end);
  return lines;
}

function keptLine({ text, lines, hidden }: Text, at: number): string {
  const { start, end } = lines[at] ?? { start: 0, end: 0 };
  const shown = Math.min(end, start + WIDTH);
  return shownText(text, { start, end: shown }, hidden) + (shown < end ? '…' : '');
}

/** A long line that replaces another is cut to the place where both differ. */
function changedLines(change: Change, one: Text, other: Text): DiffLine[] {
  const lines: DiffLine[] = [];
  const isPair = change.end - change.start === change.otherEnd - change.otherStart;
  const show = (sign: '-' | '+', it: Text, at: number, there: Text, otherAt: number) => {
    const line = it.lines[at] ?? { start: 0, end: 0 };
    const same = isPair ? sameSides(it, line, there, there.lines[otherAt]) : [0, 0];
    lines.push({ sign, text: cutLine(it, line, same) });
  };
  for (let at = change.start; at < change.end; at += 1)
    show('-', one, at, other, change.otherStart + at - change.start);
  for (let at = change.otherStart; at < change.otherEnd; at += 1)
    show('+', other, at, one, change.start + at - change.otherStart);
  return lines;
}

/** How much of the beginning and of the end of two lines is the same. */
function sameSides(it: Text, line: Place, there: Text, other = { start: 0, end: 0 }): number[] {
  const shorter = Math.min(line.end - line.start, other.end - other.start);
  let head = 0;
  while (head < shorter && it.text[line.start + head] === there.text[other.start + head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && it.text[line.end - 1 - tail] === there.text[other.end - 1 - tail])
    tail += 1;
  return [head, tail];
}

function cutLine({ text, hidden }: Text, line: Place, [head = 0, tail = 0]: number[]): string {
  const isLong = line.end - line.start > WIDTH;
  const start = isLong ? Math.max(line.start, line.start + head - BESIDE) : line.start;
  const end = isLong ? Math.min(line.end, line.end - tail + BESIDE) : line.end;
  const shown = shownText(text, { start, end }, hidden);
  return (start > line.start ? '…' : '') + shown + (end < line.end ? '…' : '');
}
