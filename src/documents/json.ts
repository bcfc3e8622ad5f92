// A JSON document: its value by the engine's own parser, and places in the text only when somebody asks for one.
// Most files are right and need none: no tree and no position is built for them. Never throws.
import type { Root, SourceDocument } from './document.ts';
import { writeOver } from './edit.ts';
import { findFault } from './json-fault.ts';
import { type JsonIndex, indexJson, repeatedNames } from './json-index.ts';
import { jsonTexts } from './json-texts.ts';
import { isContainer, type JsonObject } from './plain-value.ts';
import type { Fault, Problem } from './problem.ts';

/** Jackson, with which Kafka Connect reads, refuses deeper ones (StreamReadConstraints.DEFAULT_MAX_DEPTH). */
export const MAX_DEPTH = 1000;

/**
 * No root where the text is no JSON. Of repeated members the last counts, as it does for Kafka Connect. `isGuess`: the text
 * looks like no format at all, and is read as JSON for want of another.
 */
export function parseJson(text: string, isGuess = false): SourceDocument {
  // RFC 8259 8.1: a parser may ignore a byte order mark. Offsets stay those of the text with it.
  const base = text.startsWith('\uFEFF') ? 1 : 0;
  const body = base === 0 ? text : text.slice(1);
  const parsed = parse(body);
  if (!parsed.ok) return withPlaces(text, [], [parseError(findFault(body, isGuess), base)]);
  const size = measure(parsed.value);
  if (size.depth > MAX_DEPTH) return withPlaces(text, [], [parseError(tooDeep(body), base)]);
  const problems = countNames(body) === size.members ? [] : duplicates(body, base);
  return withPlaces(text, [{ pointer: '', value: parsed.value }], problems);
}

function parse(body: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(body) as unknown };
  } catch {
    // The engine's message quotes the text, and with it values; the fault is looked for without it.
    return { ok: false };
  }
}

/** How many members a value has on all levels, and how deep it is. Without recursion: depth is the input's. */
function measure(value: unknown): { members: number; depth: number } {
  let members = 0;
  let depth = 0;
  let level: object[] = isContainer(value) ? [value] : [];
  while (level.length > 0) {
    depth += 1;
    const below: object[] = [];
    for (const container of level) {
      if (Array.isArray(container)) {
        for (const it of container as unknown[]) if (isContainer(it)) below.push(it);
        continue;
      }
      // Object.values would make an array. A value of JSON.parse has no members but its own.
      for (const name in container) {
        members += 1;
        const it = (container as JsonObject)[name];
        if (isContainer(it)) below.push(it);
      }
    }
    level = below;
  }
  return { members, depth };
}

/**
 * Counts the colons with a quote in front, in a text that is JSON. As many as the value has members means that no name is
 * repeated, which JSON.parse does not tell. More means that one may be: a string that holds `":` is counted too.
 */
function countNames(body: string): number {
  let names = 0;
  for (let colon = body.indexOf(':'); colon !== -1; colon = body.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (isBlank(body.charCodeAt(before))) before -= 1;
    if (body.charCodeAt(before) === QUOTE) names += 1;
  }
  return names;
}

const QUOTE = 0x22;

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function tooDeep(body: string): Fault {
  let depth = 0;
  let start = 0;
  for (const bracket of body.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket[0] === '[' || bracket[0] === '{') depth += 1;
    if (bracket[0] === ']' || bracket[0] === '}') depth -= 1;
    start = bracket.index;
    if (depth > MAX_DEPTH) break;
  }
  return {
    start,
    end: start + 1,
    text: `arrays or objects are nested deeper than ${MAX_DEPTH} levels, which Kafka Connect does not read`,
  };
}

function parseError(fault: Fault, base: number): Problem {
  const { start, end, earlier } = fault;
  return {
    kind: 'parse-error',
    ...fault,
    start: start + base,
    end: end + base,
    ...(earlier !== undefined && { earlier: earlier + base }),
  };
}

function duplicates(body: string, base: number): Problem[] {
  return repeatedNames(body).map(({ name, start, end, first }) => ({
    kind: 'duplicate-key',
    start: start + base,
    end: end + base,
    text: `${JSON.stringify(name)} stands in this object already`,
    earlier: first + base,
    isComment: COMMENT_NAME.test(name),
  }));
}

/** `_comment`, `//` and `#`: no setting of Connect begins so. */
const COMMENT_NAME = /^(?:_|\/\/|#)/;

function withPlaces(
  text: string,
  roots: readonly Root[],
  problems: readonly Problem[],
): SourceDocument {
  let index: JsonIndex | undefined;
  const indexed = () => (index ??= indexJson(text));
  return {
    format: 'json',
    text,
    roots,
    problems,
    comments: [],
    locate: (pointer, start, end) => indexed().locate(pointer, start, end),
    locateName: (pointer) => indexed().locateName(pointer),
    replace: (pointer, parts) =>
      parts.map(({ start, end, text: part }) =>
        writeOver(indexed().locate(pointer, start, end), JSON.stringify(part).slice(1, -1)),
      ),
    write: (pointer, value) => writeOver(indexed().locate(pointer), JSON.stringify(value)),
    texts: () => jsonTexts(text),
  };
}
