// Docker Compose fills in variables in every string of its file, before a shell sees it: `$NAME` and `${NAME}`; a `$` that is
// meant is written `$$`. https://docs.docker.com/reference/compose-file/interpolation/
import { OPENING, type SourceDocument } from './document.ts';
import { isObject } from './plain-value.ts';
import { type Piece, PiecedText } from './pieced-text.ts';
import { FILLED_IN } from './template.ts';
import { withoutValues } from './without-values.ts';

export function isCompose(root: unknown): boolean {
  return isObject(root) && isObject(root['services']);
}

/** A string as a container gets it, and the document in which it stands so. */
export function interpolated(
  outer: SourceDocument,
  pointer: string,
  written: string,
): { text: string; document: SourceDocument } {
  const text = new PiecedText({ start: 0, end: written.length }, piecesOf(written));
  const document: SourceDocument = {
    ...withoutValues(outer, []),
    locate: (_pointer, start = 0, end = text.text.length) => {
      const part = text.part(start, end);
      return outer.locate(pointer, part.start, part.end);
    },
    replace: (_pointer, parts) =>
      outer.replace(
        pointer,
        parts.map((part, at) => {
          const { start, end } = text.part(part.start, part.end);
          // A '$' that is one only as long as nothing else stands behind it.
          const isBare = parts[at - 1]?.end !== part.start && isSign(part.start - 1);
          return {
            start: isBare ? start - 1 : start,
            end,
            text: (isBare ? '$$' : '') + part.text.replaceAll('$', '$$$$'),
          };
        }),
      ),
    isShared: () => outer.isShared?.(pointer) === true,
    openingAt: (_pointer, _offset, inner = OPENING) => inner.replaceAll('$', '$$$$'),
    misread: (_pointer, offset) => {
      const { start } = text.part(offset, offset);
      if (!isSign(offset) || written[start + 1] !== '{') return undefined;
      return {
        text: "Docker Compose takes '${' for a variable of its own and refuses the file: for a reference of Kafka's it is written '$${'",
        edits: outer.replace(pointer, [{ start, end: start, text: '$' }]),
      };
    },
  };
  return { text: text.text, document };

  /** True where a '$' stands alone, as Compose leaves it; not in what it fills in. */
  function isSign(offset: number): boolean {
    if (text.text[offset] !== '$') return false;
    const { start, end } = text.part(offset, offset + 1);
    return end - start === 1 && !/[A-Za-z_]/.test(written[end] ?? '');
  }
}

function piecesOf(written: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const { 0: sign, index } of written.matchAll(SIGN)) {
    if (MEANT_AS_REFERENCE.test(sign)) continue;
    const end = index + sign.length;
    if (index > done) pieces.push({ text: written.slice(done, index), start: done, end: index });
    pieces.push({ text: sign === '$$' ? '$' : FILLED_IN, start: index, end });
    done = end;
  }
  if (done < written.length || pieces.length === 0)
    pieces.push({ text: written.slice(done), start: done, end: written.length });
  return pieces;
}

/** On one line: what is not closed there makes Compose refuse the file, and nothing on other lines closes it. */
const SIGN = /\$\$|\$[A-Za-z_]\w*|\$\{(?:[^{}\n]|\{[^{}\n]*\})*\}/g;

/** Not `${NAME:-default}`, `${NAME:?why}`, `${NAME:+other}`. */
const MEANT_AS_REFERENCE = /^\$\{[\w.-]+:(?![-?+])/;
