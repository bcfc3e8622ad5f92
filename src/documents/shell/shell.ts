// A script of a shell: the texts that it gives to its commands may be those of connectors, as the body of a request that curl
// sends, or a file that `cat` writes. Each is a document of its own inside the script. Never throws.
import type { HeldText, Misreading, NewPart, SourceDocument, SourceText } from '../document.ts';
import type { Edit } from '../edit.ts';
import { embed, textsInside } from '../embedded.ts';
import { found } from '../json-pointer.ts';
import { jsonTexts } from '../json-texts.ts';
import { PiecedText } from '../pieced-text.ts';
import type { Problem } from '../problem.ts';
import { FILLED_IN } from '../template.ts';
import { withoutValues } from '../without-values.ts';
import { looksLikeKsql } from '../ksql/recognise.ts';
import { mentionsConnector } from '../shapes.ts';
import { looksLikeShell } from './recognise.ts';
import { type Command, type Part, type Quoting, readScript, textOf } from './script.ts';
import { change, written } from './write.ts';

export function parseShell(text: string): SourceDocument {
  const { commands, comments } = readScript(text);
  const passages = passagesOf(commands);
  const passage = (pointer: string) => found(passages, pointer);
  const place = (pointer: string, start = 0, end = passage(pointer).text.text.length) =>
    passage(pointer).text.part(start, end);
  const document: SourceDocument = {
    format: 'shell',
    text,
    roots: [],
    problems: [],
    comments: comments.map(({ start, end }) => ({
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
    signAt: (pointer, offset = 0, inner = '') => {
      const { text: it, parts } = passage(pointer);
      return written(`${inner}\${`, quotingAt(parts, it.offset(offset))).slice(0, -'${'.length);
    },
    misread: (pointer, offset) => misreadPart(passage(pointer), offset),
    texts: () => textsOf(document, passages),
  };
  return document;
}

/** A text that may be a document. */
interface Passage {
  text: PiecedText;
  parts: readonly Part[];
  /** Expansions of which a member or a value is made: what becomes of the text is known only where it runs. */
  unknown: readonly Part[];
  isJson: boolean;
  /** True where a broken text may be one that is meant so: of `echo` and `printf`, which have escapes of their own. */
  isSpoken: boolean;
  connectorName: string | undefined;
}

/** By their pointers, in which all texts are counted: they stay the same when one is changed. */
function passagesOf(commands: readonly Command[]): Map<string, Passage> {
  const passages: [pointer: string, passage: Passage][] = [];
  let count = 0;
  const names = new Map<Command, string | undefined>();
  for (const command of commands) {
    // One in a substitution comes behind the command around it.
    if (!names.has(command)) {
      const inUrl = command.pipeline.map(nameInUrl).find((it) => it !== undefined);
      for (const one of command.pipeline)
        names.set(one, inUrl ?? (command.outer && names.get(command.outer)));
    }
    if (isOfOtherLanguage(command)) continue;
    const isSpoken = SPEAKING.test(nameOf(command));
    const texts = command.words
      .map(withoutOption)
      .filter(mayBeDocument)
      .concat(command.hereDocuments);
    for (const parts of texts) {
      const passage = passageOf(parts, names.get(command), isSpoken);
      if (passage !== undefined) passages.push([`/${count}`, passage]);
      count += 1;
    }
  }
  return new Map(passages.sort(([, a], [, b]) => a.text.start - b.text.start));
}

/** Programs whose arguments are programs. Filters are called by others too, as in `docker run jq jq '{…}'`. */
const OTHER_LANGUAGES = /^(?:perl|python[\d.]*|node|ruby)$/;
const FILTERS = /^(?:(?:go)?jq|yq|sed|g?awk|[ef]?grep|rg)$/;

function isOfOtherLanguage(command: Command): boolean {
  return (
    OTHER_LANGUAGES.test(nameOf(command)) ||
    command.words.some(
      ([first, ...rest]) => rest.length === 0 && first !== undefined && FILTERS.test(first.text),
    )
  );
}

const SPEAKING = /^(?:echo|printf)$/;

function nameOf({ words }: Command): string {
  const name = words.map(textOf).find((word) => !NOT_A_NAME.test(word)) ?? '';
  return name.slice(name.lastIndexOf('/') + 1);
}

const NOT_A_NAME =
  /^(?:[A-Za-z_]\w*\+?=|(?:[!{]|if|then|else|elif|do|while|until|time|sudo|exec)$)/;

/** `DATA='{…}'` and `--data='{…}'` without what stands in front of the text. */
function withoutOption(word: readonly Part[]): readonly Part[] {
  const [first, ...rest] = word;
  return first?.quoting === 'none' && OPTION.test(first.text) ? rest : word;
}

const OPTION = /^(?:[A-Za-z_]\w*\+?=|\[[^\]]*\]=|--?[A-Za-z][\w-]*=?)$/;

/** What stands outside of quotes is not JSON, but `[name]=value`. */
function mayBeDocument([first]: readonly Part[]): boolean {
  if (first === undefined || (first.quoting === 'none' && first.text.startsWith('['))) return false;
  return JSON_BEGINNING.test(first.text) || looksLikeShell(first.text) || looksLikeKsql(first.text);
}

/** Of its first part, which may end behind the bracket. */
const JSON_BEGINNING = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:["{\]]|$))/;

function passageOf(
  written: readonly Part[],
  connectorName: string | undefined,
  isSpoken: boolean,
): Passage | undefined {
  const [first] = written;
  const last = written.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isJson = JSON_BEGINNING.test(first.text);
  const { parts, unknown } = isJson
    ? asJson(written)
    : { parts: written.map(filledIn), unknown: [] };
  const text = new PiecedText({ start: first.start, end: last.end }, parts);
  if (!mentionsConnector(text.text)) return undefined;
  return { text, parts, unknown, isJson, isSpoken, connectorName };
}

/** With `null` for a value that is an expansion: nobody knows it yet. */
function asJson(written: readonly Part[]): { parts: Part[]; unknown: Part[] } {
  const unknown: Part[] = [];
  let before: InJson = 'outside';
  const parts = written.map((part) => {
    if (!part.isExpansion) before = behind(part.text, before);
    else if (before === 'outside') {
      unknown.push(part);
      return { ...part, text: 'null' };
    }
    return filledIn(part);
  });
  return { parts, unknown };
}

/** Whether a place in JSON is in a string; `escape` behind a backslash in one. */
type InJson = 'outside' | 'inside' | 'escape';

/** Where the text ends that begins at such a place. */
function behind(text: string, before: InJson): InJson {
  let place = before;
  for (const sign of text) {
    if (place === 'escape') place = 'inside';
    else if (sign === '"') place = place === 'inside' ? 'outside' : 'inside';
    else if (sign === '\\' && place === 'inside') place = 'escape';
  }
  return place;
}

/** A placeholder for what the shell fills in, unless it was meant as a reference. */
function filledIn(part: Part): Part {
  return !part.isExpansion || MEANT_AS_REFERENCE.test(part.text)
    ? part
    : { ...part, text: FILLED_IN };
}

/** Not `${NAME:-default}`, `${NAME:?why}`, nor `${NAME:0:4}`, which is a part of a variable. */
const MEANT_AS_REFERENCE = /^\$\{[\w.-]+:(?![-=?+ ]|\d+(?::-?\d+)?\})[^{}"\\]*\}$/;

/** The name that a request gives to the connector: `PUT /connectors/NAME/config`. */
function nameInUrl(command: Command): string | undefined {
  for (const word of command.words) {
    const [, name] = CONFIG_URL.exec(textOf(word)) ?? [];
    if (name !== undefined) return /[$`]/.test(name) ? undefined : decoded(name);
  }
  return undefined;
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

const CONFIG_URL = /\/connectors\/([^/\s?#]{1,249})\/config(?:$|[/?#])/;

function heldText(document: SourceDocument, pointer: string, passage: Passage): HeldText {
  const { text, connectorName } = passage;
  const place = (inner: SourceDocument) => {
    const isBroken = inner.problems.some(({ kind }) => kind === 'parse-error');
    const it = isBroken ? withoutValues(inner, problemsOf(inner, passage)) : inner;
    return embed(document, pointer, it);
  };
  return { text: text.text, place, connectorName, isNamedElsewhere: true };
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
  return { offset: place.start, length: place.end - place.start, text: inside };
}

/** That of the part at an offset of the file, or of the last one in front of it. */
function quotingAt(parts: readonly Part[], offset: number): Quoting {
  return partAt(parts, offset)?.quoting ?? 'none';
}

/** The last part that does not begin behind the offset. */
function partAt(parts: readonly Part[], offset: number): Part | undefined {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return parts[low - 1];
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
