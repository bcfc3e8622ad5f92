// Inside the program, places are offsets into the text. Lines and columns are for people, and made at the end.

/** A part of a text, in UTF-16 code units; `end` is exclusive. */
export interface Place {
  start: number;
  end: number;
}

/** The place alone, without what else the value may have. */
export function placeOf({ start, end }: Place): Place {
  return { start, end };
}

/** 1-based; columns count UTF-16 code units, as editors and SARIF do. */
export interface Position {
  line: number;
  column: number;
}

export interface Positions {
  at(offset: number): Position;
  /** Where the line of an offset begins and ends, without its line break and byte order mark. */
  lineAt(offset: number): { start: number; end: number };
}

/** Reads the line breaks (`\n`, `\r\n`, `\r`) of a text once. A byte order mark takes no column. */
export function positionsIn(text: string): Positions {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const starts = [mark];
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g))
    starts.push(lineBreak.index + lineBreak[0].length);
  const startOf = (index: number) => starts[index] ?? text.length;
  const lineIndex = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    at(offset) {
      const index = lineIndex(offset);
      return { line: index + 1, column: Math.max(0, offset - startOf(index)) + 1 };
    },
    lineAt(offset) {
      const index = lineIndex(offset);
      let end = index + 1 < starts.length ? startOf(index + 1) : text.length;
      while (end > startOf(index) && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
      return { start: startOf(index), end };
    },
  };
}
