// Strings of YAML and JSON that a tool reads as templates of its own before Kafka Connect gets them: those of `Sub` in
// CloudFormation, and all of a program of Pulumi. Their values are what the tool makes of its escapes; its variables stay as they
// stand. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
import { firstIndex } from '../domain/first-index.ts';
import { isSub, mayHoldSub } from './cloudformation.ts';
import { onlyOne } from './edit.ts';
import { type NewPart, OPENING, type SourceDocument, type SourceText } from './document.ts';
import { nothingAt, pointerName } from './json-pointer.ts';
import { type Piece, PiecedText } from './pieced-text.ts';
import { below, isContainer } from './plain-value.ts';
import { holdsExpressions, isPulumi } from './pulumi.ts';
import { withoutValues } from './without-values.ts';

/** How a tool writes its templates. */
interface Language {
  /** What it reads as an escape, and what it makes of that. */
  escape: RegExp;
  meant: string;
  /** A text, with escapes for what would be its own. */
  escaped(text: string): string;
  misread: string;
}

const SUB: Language = {
  escape: /(?<=\$)\{!/g,
  meant: '{',
  escaped: (text) => text.replaceAll('${', '${!'),
  misread:
    "'Sub' of CloudFormation takes '${' for a variable of its own and refuses the template: for a reference of Kafka's it is written '${!'",
};

const PULUMI: Language = {
  escape: /\$\$/g,
  meant: '$',
  escaped: (text) => text.replaceAll('$', '$$$$'),
  misread:
    "Pulumi takes '${' for an expression of its own and refuses the program: for a reference of Kafka's it is written '$${'",
};

/** The document with the values of its templates as Kafka Connect gets them. Most files hold none. */
export function templated(document: SourceDocument): SourceDocument {
  const { format, text, roots, tags } = document;
  if (format !== 'yaml' && format !== 'json') return document;
  const programs = new Set(roots.map(({ value }) => value).filter(isPulumi));
  return programs.size > 0 || mayHoldSub(text)
    ? withTemplates(document, { tags, programs })
    : document;
}

/** What tells which strings are templates. */
interface Signs {
  tags: SourceDocument['tags'];
  /** The roots that are programs of Pulumi. */
  programs: ReadonlySet<unknown>;
}

/** A string that is a template: as it is written, and as it is read. */
interface Template {
  language: Language;
  written: string;
  text: PiecedText;
}

function withTemplates(document: SourceDocument, signs: Signs): SourceDocument {
  const written = new Map(document.roots.map(({ pointer, value }) => [pointer, value]));
  const found: Found[] = [];
  const roots = document.roots.map(({ pointer, value }) => ({
    pointer,
    value: readIn(value, { signs, pointer, language: undefined, found }),
  }));
  const walker = new Walker(signs, written);
  let last: { pointer: string; template: Template | undefined } | undefined;
  // Places in one value are asked for one after the other.
  const at = (pointer: string): Template | undefined => {
    if (last?.pointer !== pointer) last = { pointer, template: walker.templateAt(pointer) };
    return last.template;
  };
  return {
    ...withoutValues(document, document.problems),
    roots,
    locate(pointer, start, end) {
      const template = start === undefined || end === undefined ? undefined : at(pointer);
      if (template === undefined) return document.locate(pointer, start, end);
      const part = template.text.part(start ?? 0, end ?? 0);
      return document.locate(pointer, part.start, part.end);
    },
    replace(pointer, parts) {
      const template = at(pointer);
      return document.replace(pointer, template === undefined ? parts : escapedIn(template, parts));
    },
    write(pointer, text) {
      const template = at(pointer);
      if (template === undefined) return document.write(pointer, text);
      // As a part: a value that YAML writes anew loses its tag, and so would be no template any more.
      const whole = {
        start: 0,
        end: template.written.length,
        text: template.language.escaped(text),
      };
      return onlyOne(document.replace(pointer, [whole]));
    },
    isShared: (pointer) => document.isShared?.(pointer) === true,
    openingAt: (pointer, _offset, inner = OPENING) => at(pointer)?.language.escaped(inner) ?? inner,
    misread(pointer, offset) {
      const template = at(pointer);
      if (template === undefined) return undefined;
      const { start } = template.text.part(offset, offset + 1);
      MEANT_AS_REFERENCE.lastIndex = start;
      if (!MEANT_AS_REFERENCE.test(template.written)) return undefined;
      const { language } = template;
      const part = { start, end: start + OPENING.length, text: language.escaped(OPENING) };
      return {
        text: language.misread,
        // YAML may read all of the value for each edit, of which few are ever asked for.
        get edits() {
          return document.replace(pointer, [part]);
        },
      };
    },
    texts: () => textsOf(document, found),
  };
}

/** With a path and a key. A variable has at most one colon, as in `${AWS::Region}`, or `${self:stage}` of Serverless. */
const MEANT_AS_REFERENCE = /\$\{[\w.-]+:[^:{}\n]+:/y;

/** In which language a member is written, a text or the list that begins with it. `around` is that of the list or map it stands in. */
function languageOf(
  { tags, programs }: Signs,
  container: object,
  member: string,
  around: Language | undefined,
): Language | undefined {
  if (around === PULUMI || (programs.has(container) && holdsExpressions(member))) return PULUMI;
  const isText = around === SUB && Array.isArray(container) && member === '0';
  return isText || isSub(member, tags?.get(container)?.get(member)) ? SUB : undefined;
}

interface Walk {
  signs: Signs;
  pointer: string;
  language: Language | undefined;
  /** Filled with the templates that hold an escape. */
  found: Found[];
}

interface Found {
  pointer: string;
  language: Language;
}

/** A value with its templates as they are read; the same one where there are none. */
function readIn(value: unknown, { signs, pointer, language: around, found }: Walk): unknown {
  if (typeof value === 'string' && around !== undefined) {
    const { text } = piecedText(value, around);
    if (text !== value) found.push({ pointer, language: around });
    return text;
  }
  if (!isContainer(value)) return value;
  let isChanged = false;
  const members = Object.entries(value).map(([name, inner]: [string, unknown]) => {
    const language = languageOf(signs, value, name, around);
    const read = readIn(inner, { signs, pointer: below(pointer, name), language, found });
    isChanged ||= read !== inner;
    return [name, read] as const;
  });
  if (!isChanged) return value;
  return Array.isArray(value) ? members.map(([, inner]) => inner) : Object.fromEntries(members);
}

/** Finds the template at a pointer, among the values as they are written. Of the way to the one before, it walks what differs. */
class Walker {
  readonly #signs: Signs;
  readonly #roots: ReadonlyMap<string, unknown>;
  readonly #way: { pointer: string; value: unknown; language: Language | undefined }[] = [];

  constructor(signs: Signs, roots: ReadonlyMap<string, unknown>) {
    this.#signs = signs;
    this.#roots = roots;
  }

  templateAt(pointer: string): Template | undefined {
    const way = this.#way;
    while (way.length > 0 && !`${pointer}/`.startsWith(`${way.at(-1)?.pointer}/`)) way.pop();
    if (way.length === 0) this.#beginAt(pointer);
    for (let { pointer: at, value, language } = this.#end; at.length < pointer.length; ) {
      const next = pointer.indexOf('/', at.length + 1);
      const end = next === -1 ? pointer.length : next;
      const name = pointerName(pointer.slice(at.length + 1, end));
      if (!isContainer(value) || !Object.hasOwn(value, name)) throw nothingAt(pointer);
      language = languageOf(this.#signs, value, name, language);
      value = (value as Record<string, unknown>)[name];
      at = pointer.slice(0, end);
      way.push({ pointer: at, value, language });
    }
    const { value, language } = this.#end;
    if (typeof value !== 'string' || language === undefined) return undefined;
    return { language, written: value, text: piecedText(value, language) };
  }

  get #end() {
    const end = this.#way.at(-1);
    if (end === undefined) throw new RangeError('nothing was walked');
    return end;
  }

  #beginAt(pointer: string): void {
    const second = pointer.indexOf('/', 1);
    const first = second === -1 ? pointer : pointer.slice(0, second);
    const root = this.#roots.has('') ? '' : first;
    this.#way.push({ pointer: root, value: this.#roots.get(root), language: undefined });
  }
}

function piecedText(written: string, { escape, meant }: Language): PiecedText {
  const pieces: Piece[] = [];
  let done = 0;
  const plainTo = (end: number) => {
    if (end > done) pieces.push({ text: written.slice(done, end), start: done, end });
  };
  for (const { 0: sign, index } of written.matchAll(escape)) {
    plainTo(index);
    done = index + sign.length;
    pieces.push({ text: meant, start: index, end: done });
  }
  plainTo(written.length);
  return new PiecedText({ start: 0, end: written.length }, pieces);
}

/** Each part as it has to be written. A '$' or '{' beside it is written anew where the two may become one sign. */
function escapedIn({ text, language }: Template, parts: readonly NewPart[]): NewPart[] {
  return parts.map((part, at) => {
    const isNextTo = (other: NewPart | undefined, offset: number) =>
      other !== undefined && (other.start === offset || other.end === offset);
    const front =
      text.text[part.start - 1] === '$' &&
      /^(?:[${]|$)/.test(part.text) &&
      !isNextTo(parts[at - 1], part.start);
    const back =
      text.text[part.end] === '{' &&
      /(?:^|\$)$/.test(part.text) &&
      !isNextTo(parts[at + 1], part.end);
    const start = front ? part.start - 1 : part.start;
    const end = back ? part.end + 1 : part.end;
    const whole = `${front ? '$' : ''}${part.text}${back ? '{' : ''}`;
    return { ...text.part(start, end), text: language.escaped(whole) };
  });
}

/** Those of the document, the templates among them as they are read. */
function textsOf(document: SourceDocument, found: readonly Found[]): SourceText[] {
  const templates = found
    .map(({ pointer, language }) => ({ ...document.locate(pointer), language }))
    .toSorted((a, b) => a.start - b.start);
  return document.texts().map((text) => {
    const around = templates[firstIndex(templates, ({ end }) => end >= text.end)];
    const isInside = around !== undefined && around.start <= text.start;
    return isInside ? readText(text, around.language) : text;
  });
}

/** A template, or a line of one. */
function readText({ start, end, decoded }: SourceText, language: Language): SourceText {
  if (decoded === undefined) return { start, end };
  const text = piecedText(decoded.value, language);
  const offset = (at: number) => decoded.offset(text.offset(at));
  return { start, end, decoded: { value: text.text, offset } };
}
