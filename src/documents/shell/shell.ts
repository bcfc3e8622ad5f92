// A script of a shell: the texts that it gives to its commands may be those of connectors, as the body of a request that curl
// sends, or a file that `cat` writes. Each is a document of its own inside the script. Never throws.
import { firstIndex } from '../../domain/first-index.ts';
import {
  type HeldText,
  type Misreading,
  type NewPart,
  OPENING,
  type SourceDocument,
  type SourceText,
} from '../document.ts';
import type { Edit } from '../edit.ts';
import { embed, textsInside } from '../embedded.ts';
import { found } from '../json-pointer.ts';
import { jsonTexts } from '../json-texts.ts';
import { isPlain, type PiecedText } from '../pieced-text.ts';
import type { Problem } from '../problem.ts';
import { withoutValues } from '../without-values.ts';
import { type Passage, passagesOf } from './passages.ts';
import { isExpanding, type Part, type Quoting, readScript } from './script.ts';
import { change, written } from './write.ts';

export function parseShell(text: string): SourceDocument {
  const script = readScript(text);
  const passages = passagesOf(script);
  const passage = (pointer: string) => found(passages, pointer);
  const place = (pointer: string, start = 0, end = passage(pointer).text.text.length) =>
    passage(pointer).text.part(start, end);
  const document: SourceDocument = {
    format: 'shell',
    text,
    roots: [],
    problems: [],
    comments: script.comments.map(({ start, end }) => ({
      start,
      end,
      text: text.slice(start + 1, end),
    })),
    get held() {
      return [...passages].map(([pointer, it]) => heldText(document, pointer, it));
    },
    locate: place,
    // A text has no name of its own.
    locateName: (pointer) => place(pointer),
    replace: (pointer, parts) => parts.map((part) => replacePart(passage(pointer), part)),
    write: (pointer, replacement) => {
      const it = passage(pointer);
      return replacePart(it, { start: 0, end: it.text.text.length, text: replacement });
    },
    openingAt: (pointer, offset = 0, inner = OPENING) => {
      const { text: it, parts } = passage(pointer);
      return written(inner, quotingAt(parts, it.offset(offset)));
    },
    misread: (pointer, offset) => misreadPart(passage(pointer), offset),
    texts: () => textsOf(document, passages),
  };
  return document;
}

function heldText(document: SourceDocument, pointer: string, passage: Passage): HeldText {
  const { text, connectorName, sentAs } = passage;
  const place = (inner: SourceDocument) => {
    const isBroken = inner.problems.some(({ kind }) => kind === 'parse-error');
    const it = isBroken ? withoutValues(inner, problemsOf(inner, passage)) : inner;
    return embed(document, pointer, it);
  };
  return { text: text.text, place, connectorName, sentAs, isNamedElsewhere: 'flat-map' };
}

function problemsOf(
  { problems, format }: SourceDocument,
  { text: { text }, unknown, isSpoken }: Passage,
): readonly Problem[] {
  // What a program says to people may look like a broken one.
  if (isSpoken) return [];
  if (format === 'yaml' || format === 'properties') return SURELY_MEANT.test(text) ? problems : [];
  if (unknown.length === 0) return problems;
  const start = text.search(/\S/);
  return [{ ...NOT_YET_KNOWN, start, end: start + 1 }];
}

const SURELY_MEANT = /^[ \t]*(?:apiVersion[ \t]*:|connector\.class[ \t]*[:=])/m;

const NOT_YET_KNOWN: Omit<Problem, 'start' | 'end'> = {
  kind: 'template',
  text: 'the shell puts this text together when it runs: it cannot be validated before',
  hint: "curl --data @connector.json …    (a file of its own, with references in place of the shell's variables)",
};

function replacePart({ text, parts }: Passage, { start, end, text: replacement }: NewPart): Edit {
  const place = text.part(start, end);
  const from = quotingAt(parts, place.start);
  const to = end > start ? quotingAt(parts, place.end - 1) : from;
  const inside = written(replacement, from) + change(from, to);
  const sign = bareSign(parts, place.start - 1);
  return {
    offset: place.start - sign.length,
    length: place.end - place.start + sign.length,
    text: sign === '' ? inside : `\\${sign}${inside}`,
  };
}

/** A `$` or backslash that is one only as long as nothing else stands behind it. */
function bareSign(parts: readonly Part[], offset: number): string {
  const part = partAt(parts, offset);
  if (part === undefined || part.isExpansion || part.end <= offset) return '';
  const sign = part.text[offset - part.start] ?? '';
  return isPlain(part) && isExpanding(part.quoting) && /[$\\]/.test(sign) ? sign : '';
}

/** That of the part at an offset of the file, or of the last one in front of it. */
function quotingAt(parts: readonly Part[], offset: number): Quoting {
  return partAt(parts, offset)?.quoting ?? 'none';
}

/** The last part that does not begin behind the offset. */
function partAt(parts: readonly Part[], offset: number): Part | undefined {
  return parts[firstIndex(parts, ({ start }) => start > offset) - 1];
}

/** `${secret:orders:password}` is to the shell as many characters of its variable `secret`, from the `orders`th on. */
function misreadPart({ text, parts }: Passage, offset: number): Misreading | undefined {
  const { start } = text.part(offset, offset);
  const part = partAt(parts, start);
  if (part?.isExpansion !== true || part.start !== start || !part.text.startsWith('${'))
    return undefined;
  return {
    text: "the shell takes this for a part of a variable of its own, and sends an empty text in its place: a backslash in front of the '$' keeps it",
    edits: [{ offset: start, length: 0, text: '\\' }],
  };
}

/** All but the names of settings: of everything else nobody knows what it is. */
function textsOf(
  document: SourceDocument,
  passages: ReadonlyMap<string, Passage>,
): readonly SourceText[] {
  const texts: SourceText[] = [];
  let done = 0;
  for (const [pointer, { text, unknown, isJson }] of passages) {
    // It stands in a text that was there already.
    if (text.start < done) continue;
    texts.push({ start: done, end: text.start });
    const inside = isJson
      ? [...textsInside(document, pointer, jsonTexts(text.text)), ...unknown]
      : [referencesOf(text)];
    for (const one of inside) texts.push(one);
    done = text.end;
  }
  texts.push({ start: done, end: document.text.length });
  return withoutOverlap(texts.sort((a, b) => a.start - b.start));
}

/** An expansion may stand in what is hidden behind a fault. */
function withoutOverlap(texts: readonly SourceText[]): SourceText[] {
  const all: SourceText[] = [];
  let done = 0;
  for (const text of texts) {
    if (text.end <= Math.max(done, text.start)) continue;
    all.push(text.start < done ? { start: done, end: text.end } : text);
    done = text.end;
  }
  return all;
}

/** All of it, but for the references. */
function referencesOf(text: PiecedText): SourceText {
  const { start, end } = text;
  return { start, end, decoded: { value: text.text, offset: (at) => text.offset(at) } };
}
