// One line of a file with a caret under the part that is meant. What is hidden is shown as `*` of the same width;
// a long line is cut to a window round the caret.
import stringWidth from 'fast-string-width';
import type { Place, Positions } from '../documents/position.ts';
import { firstIndex } from '../domain/first-index.ts';

export interface Frame {
  source: string;
  /** As wide as the source up to the end of the part, tabs kept. */
  caret: string;
}

/** Columns that are shown of a line, and how many of them in front of the caret where it is cut. */
const WIDTH = 100;
const BEFORE = 40;
/**
 * Code units that are looked at on either side of the caret: enough for `WIDTH` columns, and few even in a file of one long
 * line. In ASCII each is a column, so that fewer are enough.
 */
const REACH = 200;

/** `shown` is shown though it may lie in a hidden part. */
export function frame(
  text: string,
  positions: Positions,
  part: Place,
  hidden: readonly Place[],
  shown: Place,
): Frame {
  const line = positions.lineAt(part.start);
  const isMeant = (start: number, end: number) =>
    start < Math.max(part.end, part.start + 1) && end > part.start;
  const reach = PRINTABLE_ASCII.test(
    text.slice(Math.max(0, part.start - REACH), part.start + REACH),
  )
    ? WIDTH + 1
    : REACH;
  const from = Math.max(line.start, part.start - reach);
  const to = Math.min(line.end, part.start + reach);
  const cells = cellsOf(text, { start: from, end: to }, hidden, shown);
  const first = cells.findIndex(({ start, end }) => isMeant(start, end));
  // The end of a line is no character: the caret then stands behind it.
  const meant = first === -1 ? cells.length : first;
  const { begin, end } = windowOf(cells, meant);
  const inWindow = cells.slice(begin, end);
  const head = begin > 0 || from > line.start ? '…' : '';
  const tail = end < cells.length || to < line.end ? '…' : '';
  const carets = inWindow
    .slice(Math.max(0, meant - begin))
    .filter((cell) => isMeant(cell.start, cell.end));
  const blank = cells
    .slice(begin, meant)
    .map(({ text, width }) => (text === '\t' ? '\t' : ' '.repeat(width)));
  return {
    source: head + inWindow.map(({ text }) => text).join('') + tail,
    caret:
      ' '.repeat(head.length) +
      blank.join('') +
      '^'.repeat(
        Math.max(
          1,
          carets.reduce((sum, { text, width }) => sum + (text === '\t' ? 1 : width), 0),
        ),
      ),
  };
}

/** A part of one line, with what is hidden shown as `*`. */
export function shownText(text: string, part: Place, hidden: readonly Place[]): string {
  const nothing = { start: part.start, end: part.start };
  return cellsOf(text, part, hidden, nothing)
    .map((cell) => cell.text)
    .join('');
}

/** A character as people count them, and how it is shown. */
interface Cell {
  text: string;
  width: number;
  start: number;
  end: number;
}

/** Made by the first line that needs it. */
let segmenter: Intl.Segmenter | undefined;

function cellsOf(
  text: string,
  { start: from, end: to }: Place,
  hidden: readonly Place[],
  shown: Place,
): Cell[] {
  const cells: Cell[] = [];
  const isHidden = hiddenAt(hidden, from);
  let start = from;
  const slice = text.slice(from, to);
  const isAscii = PRINTABLE_ASCII.test(slice);
  for (const character of isAscii ? slice : charactersOf(slice)) {
    const end = start + character.length;
    const plain = isAscii || character === '\t' ? character : shownCharacter(character);
    const width = isAscii && character !== '\t' ? 1 : widthOf(plain);
    const hide = isHidden(start, end) && !(start >= shown.start && end <= shown.end);
    cells.push(
      hide
        ? { text: '*'.repeat(width || 1), width: width || 1, start, end }
        : { text: plain, width, start, end },
    );
    start = end;
  }
  return cells;
}

/** As most lines are: for them nothing need be looked up. */
const PRINTABLE_ASCII = /^[\t -~]*$/;

function* charactersOf(text: string): Iterable<string> {
  for (const { segment } of (segmenter ??= new Intl.Segmenter()).segment(text)) yield segment;
}

function widthOf(character: string): number {
  if (character === '\t') return 0;
  return PRINTABLE_ASCII.test(character) ? 1 : stringWidth(character);
}

/** For parts that are asked for in rising order. */
function hiddenAt(hidden: readonly Place[], from: number): (start: number, end: number) => boolean {
  let at = firstIndex(hidden, ({ end }) => end > from);
  return (start, end) => {
    for (let part = hidden[at]; part !== undefined && part.end <= start; part = hidden[at]) at += 1;
    const part = hidden[at];
    return part !== undefined && part.start < end;
  };
}

/** Control and text-direction characters would steer the terminal (CVE-2021-42574). */
function shownCharacter(segment: string): string {
  return /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(segment) ? '\uFFFD' : segment;
}

function windowOf(cells: readonly Cell[], meant: number): { begin: number; end: number } {
  const width = (some: readonly Cell[]) =>
    some.reduce((sum, cell) => sum + Math.max(1, cell.width), 0);
  if (width(cells) <= WIDTH) return { begin: 0, end: cells.length };
  let begin = meant;
  for (let used = 0; begin > 0 && used < BEFORE; begin -= 1)
    used += Math.max(1, cells[begin - 1]?.width ?? 1);
  let end = begin;
  for (let used = 0; end < cells.length && used < WIDTH; end += 1)
    used += Math.max(1, cells[end]?.width ?? 1);
  return { begin, end };
}
