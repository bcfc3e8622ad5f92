// Which texts of a script may be documents: what is given to a command in quotes that look like JSON, a script or a statement of
// ksqlDB, and here-documents. What the shell fills in is a placeholder in them.
import { connectorInUrl, isConfigUrl } from '../connector-url.ts';
import type { HeldText } from '../document.ts';
import { looksLikeKsql } from '../ksql/recognise.ts';
import { isPlain, PiecedText } from '../pieced-text.ts';
import { mentionsConnector } from '../shapes.ts';
import { FILLED_IN } from '../template.ts';
import { looksLikeShell } from './recognise.ts';
import { type Command, type Part, type Script, textOf } from './script.ts';

/** A text that may be a document. */
export interface Passage {
  text: PiecedText;
  parts: readonly Part[];
  /** Expansions of which a member or a value is made: what becomes of the text is known only where it runs. */
  unknown: readonly Part[];
  isJson: boolean;
  /** True where a broken text may be one that is meant so: of `echo` and `printf`, which have escapes of their own. */
  isSpoken: boolean;
  connectorName: string | undefined;
  sentAs: HeldText['sentAs'];
}

/** What a command says of the connector to which it sends a text. */
type Request = Pick<Passage, 'connectorName' | 'sentAs'>;

/** By their pointers, in which all texts are counted: they stay the same when one is changed. */
export function passagesOf({ commands }: Script): Map<string, Passage> {
  const passages: [pointer: string, passage: Passage][] = [];
  let count = 0;
  const requests = new Map<Command, Request | undefined>();
  for (const command of commands) {
    // One in a substitution comes behind the command around it.
    if (!requests.has(command)) {
      const request = command.pipeline.map(requestOf).find((it) => it !== undefined);
      for (const one of command.pipeline)
        requests.set(one, request ?? (command.outer && requests.get(command.outer)));
    }
    const request = requests.get(command) ?? { connectorName: undefined, sentAs: undefined };
    const name = nameOf(command);
    if (OTHER_LANGUAGES.test(name) || command.words.some(isFilter)) continue;
    const isSpoken = isSpeaking(command);
    const words = (name === 'printf' ? printed(command.words) : command.words).map(withoutOption);
    const texts = words.filter(mayBeDocument).concat(command.hereDocuments);
    const sent = request.sentAs && new Set(sentBy(command, words, isSpoken));
    for (const parts of texts) {
      const own = sent?.has(parts) === true ? request : { ...request, sentAs: undefined };
      const passage = passageOf(parts, own, isSpoken);
      if (passage !== undefined) passages.push([`/${count}`, passage]);
      count += 1;
    }
  }
  return new Map(passages.sort(([, a], [, b]) => a.text.start - b.text.start));
}

/** Programs whose arguments are programs. Filters are called by others too, as in `docker run jq jq '{…}'`. */
const OTHER_LANGUAGES = /^(?:perl|python[\d.]*|node|ruby)$/;
const FILTERS = /^(?:(?:go)?jq|yq|sed|g?awk|[ef]?grep|rg)$/;

function isFilter([first, second]: readonly Part[]): boolean {
  return first !== undefined && second === undefined && FILTERS.test(first.text);
}

function isSpeaking(command: Command): boolean {
  return SPEAKING.test(nameOf(command));
}

const SPEAKING = /^(?:echo|printf)$/;

function nameOf({ words }: Command): string {
  for (const word of words) {
    const name = textOf(word);
    if (!NOT_A_NAME.test(name)) return name.slice(name.lastIndexOf('/') + 1);
  }
  return '';
}

/** The words of `printf`. In its format, conversions are what is filled in, and `\n` is a line break. */
function printed(words: readonly (readonly Part[])[]): (readonly Part[])[] {
  const format = words.findIndex((word, at) => at > 0 && textOf(word).includes('%'));
  return words.map((word, at) => (at === format ? word.flatMap(converted) : word));
}

function converted(part: Part): readonly Part[] {
  // What is not written as it is read, such as an escape, is no conversion.
  if (part.isExpansion || !isPlain(part)) return [part];
  const parts: Part[] = [];
  let done = part.start;
  for (const { 0: sign, index } of part.text.matchAll(CONVERSION)) {
    const [start, end] = [part.start + index, part.start + index + sign.length];
    if (start > done) parts.push(between(part, done, start));
    parts.push(
      sign.startsWith('%')
        ? { ...part, start, end, text: sign, isExpansion: true }
        : { ...part, start, end, text: '\n' },
    );
    done = end;
  }
  if (part.end > done) parts.push(between(part, done, part.end));
  return parts;
}

function between(part: Part, start: number, end: number): Part {
  return { ...part, start, end, text: part.text.slice(start - part.start, end - part.start) };
}

const CONVERSION = /%[-+ #0]{0,5}\d{0,5}(?:\.\d{1,5})?[bqsdi]|\\n/g;

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
  return (
    JSON_FIRST_PART.test(first.text) || looksLikeShell(first.text) || looksLikeKsql(first.text)
  );
}

/** Of its first part, which may end behind the bracket. */
const JSON_FIRST_PART = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:["{\]]|$))/;

function passageOf(
  written: readonly Part[],
  { connectorName, sentAs }: Request,
  isSpoken: boolean,
): Passage | undefined {
  const [first] = written;
  const last = written.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isJson = JSON_FIRST_PART.test(first.text);
  const { parts, unknown } = isJson
    ? asJson(written)
    : { parts: written.map(filledIn), unknown: [] };
  const text = new PiecedText({ start: first.start, end: last.end }, parts);
  const isSent = isJson && sentAs !== undefined;
  if (!isSent && !mentionsConnector(text.text)) return undefined;
  return {
    text,
    parts,
    unknown,
    isJson,
    isSpoken,
    connectorName,
    sentAs: isSent ? sentAs : undefined,
  };
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

/** `PUT /connectors/NAME/config`. Of several in one command nobody knows which text belongs to which. */
function requestOf(command: Command): Request | undefined {
  const words = command.words.map(textOf);
  const [url, ...others] = words.filter(isConfigUrl);
  if (url === undefined) return undefined;
  const isOne =
    others.length === 0 && !/[\s"'{]/.test(url.replaceAll('${', '')) && !isSpeaking(command);
  return {
    connectorName: connectorInUrl(url),
    sentAs: isOne ? (isPatch(words) ? 'some' : 'all') : undefined,
  };
}

function isPatch(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      /^(?:-\w*X|--(?:request|method)=)PATCH$/.test(word) ||
      (word === 'PATCH' && /^(?:-\w*X|--request|--method)$/.test(words[at - 1] ?? '')),
  );
}

/** The texts that are the body of a request: not what it says in headers, or prints. */
function sentBy(
  { words, hereDocuments }: Command,
  texts: readonly (readonly Part[])[],
  isSpoken: boolean,
): (readonly Part[])[] {
  const bodies = isSpoken
    ? texts
    : texts.filter((_, at) => [at - 1, at].some((it) => DATA.test(words[it]?.[0]?.text ?? '')));
  return [...bodies, ...hereDocuments];
}

const DATA = /^(?:-[a-zA-Z]*d|--data(?:-raw|-binary|-ascii|-urlencode)?=?|--json=?|--body-data=?)$/;
