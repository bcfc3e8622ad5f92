// A script of ksqlDB: the connectors that its CREATE … CONNECTOR statements make.
//
// Before it parses, ksqlDB replaces `${name}` by the value of its own variable (DEFINE, session variables). The name of a
// variable is an identifier, so `${secret:orders:password}` is no variable and stays as it is (VariableSubstitutor). `$${`
// becomes `${` only where at least one variable is defined: nothing to count on, so a reference is written with one `$`. A
// setting or name that is a variable is unknown here. Never throws.
import type { SourceComment, SourceDocument, SourceText } from '../document.ts';
import { type Edit, withParts, writeOver } from '../edit.ts';
import { found, pointerSegment } from '../json-pointer.ts';
import { isOddName } from '../odd-name.ts';
import { type Place, placeOf } from '../position.ts';
import type { Problem } from '../problem.ts';
import { textsUpTo } from '../understood.ts';
import { UNKNOWN } from '../unknown.ts';
import { type Member, readScript, type Script, type Statement, type Value } from './statements.ts';
import type { Token } from './tokens.ts';
import { nameText, quotedText, replacePart } from './write.ts';

/** The value of a root. */
export interface StatementValue {
  name: unknown;
  with: Record<string, unknown>;
}

export function parseKsql(text: string): SourceDocument {
  const script = readScript(text);
  let index: Index | undefined;
  const indexed = () => (index ??= indexOf(script.statements));
  const value = (pointer: string) => found(indexed().values, pointer);
  return {
    format: 'ksql',
    text,
    roots: script.statements.map((it, at) => ({ pointer: `/${at}`, value: valueOf(it) })),
    problems: problemsOf(script),
    comments: script.comments.map((token) => commentOf(text, token)),
    locate(pointer, start, end) {
      const at = value(pointer);
      return start === undefined || end === undefined ? placeOf(at) : partOf(at, start, end);
    },
    locateName: (pointer) => placeOf(found(indexed().names, pointer)),
    replace(pointer, parts) {
      const at = value(pointer);
      if (at.kind === 'text') return parts.map((part) => replacePart(at.text, part));
      const before = at.kind === 'name' ? at.text : text.slice(at.start, at.end);
      return [writeWhole(at, withParts(before, parts))];
    },
    write: (pointer, replacement) => writeWhole(value(pointer), replacement),
    texts: () => textsOf(script, text),
  };
}

type Located = Value | (Place & { kind: 'name'; text: string }) | (Place & { kind: 'other' });

interface Index {
  values: Map<string, Located>;
  names: Map<string, Place>;
}

function indexOf(statements: readonly Statement[]): Index {
  const index: Index = { values: new Map(), names: new Map() };
  for (const [at, statement] of statements.entries()) {
    const { name, namePlace, settings, members } = statement;
    index.values.set(`/${at}`, { kind: 'other', ...placeOf(statement) });
    index.values.set(`/${at}/name`, { kind: 'name', text: name?.text ?? '', ...namePlace });
    index.values.set(`/${at}/with`, { kind: 'other', ...settings });
    for (const { name: setting, place, value } of members) {
      const pointer = `/${at}/with/${pointerSegment(setting)}`;
      index.values.set(pointer, value);
      index.names.set(pointer, place);
    }
  }
  return index;
}

function valueOf({ name, members }: Statement): StatementValue {
  // Without a prototype, so that a setting may have any name.
  const settings = Object.create(null) as Record<string, unknown>;
  for (const { name: setting, value } of members) settings[setting] = plainValue(value);
  return { name: name?.text ?? UNKNOWN, with: settings };
}

function plainValue(value: Value): unknown {
  if (value.kind === 'text') return value.text.text;
  return value.kind === 'scalar' ? value.value : UNKNOWN;
}

function problemsOf({ statements, fault }: Script): Problem[] {
  if (fault !== undefined) return [{ kind: 'parse-error', ...fault }];
  return statements.flatMap(({ members }) => repeatedNames(members));
}

function repeatedNames(members: readonly Member[]): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, number>();
  for (const { name, place } of members) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, place.start);
    else
      problems.push({
        kind: 'duplicate-key',
        ...place,
        text: `${JSON.stringify(name)} stands in this statement already`,
        effect: 'ksqlDB refuses the statement',
        earlier,
      });
  }
  return problems;
}

function commentOf(text: string, { start, end }: Token): SourceComment {
  const isBlock = text.startsWith('/*', start);
  return { start, end, text: text.slice(start + 2, isBlock ? end - 2 : end) };
}

/** Texts, numbers and comments, but no names of settings. */
function textsOf({ statements, tokens, comments, fault }: Script, text: string): SourceText[] {
  const values = new Map<number, Value>();
  const names = new Set<number>();
  for (const { namePlace, members } of statements) {
    names.add(namePlace.start);
    for (const { place, value } of members) {
      names.add(place.start);
      values.set(value.start, value);
    }
  }
  const texts: SourceText[] = comments.map(({ start, end }) => ({ start: start + 2, end }));
  for (const [index, token] of tokens.entries()) {
    const { type, start, end } = token;
    const isName = names.has(start) || (fault !== undefined && isSettingName(tokens, index));
    if (isName && !mayHoldValues(text.slice(start + 1, end - 1), fault !== undefined)) continue;
    if (isShown(token)) continue;
    const value = values.get(start);
    const isQuoted = type === 'text' || type === 'quoted name';
    const inside = isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
    if (value?.kind !== 'text') texts.push(inside);
    else {
      const { text: decoded } = value;
      const offset = (at: number) => decoded.offset(at);
      texts.push({ ...inside, decoded: { value: decoded.text, offset } });
    }
  }
  const understood = fault?.start ?? text.length;
  return textsUpTo(understood, texts, text.length);
}

/** Where the quote that ends a name is missing, what stands up to the next one is read as the name: settings and values too. */
function mayHoldValues(name: string, isBroken: boolean): boolean {
  return isBroken ? isOddName(name) : /['\r\n]/.test(name);
}

/** Where quotes are wrong, any word but a keyword may be part of a text, even in a script that can be parsed. */
function isShown({ type, text }: Token): boolean {
  if (type === 'word') return KEYWORDS.has(text);
  return type === 'sign' || type === 'variable';
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'CREATE SINK SOURCE CONNECTOR IF NOT EXISTS WITH TRUE FALSE NULL STREAM TABLE SET DEFINE'.split(
    ' ',
  ),
);

/** In a script that could not be read: a text between a bracket or comma and a `=`. */
function isSettingName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.text;
  return (before === '(' || before === ',') && tokens[index + 1]?.text === '=';
}

function writeWhole(value: Located, text: string): Edit {
  return writeOver(value, value.kind === 'name' ? nameText(text) : quotedText(text));
}

function partOf(value: Located, start: number, end: number): Place {
  if (value.kind === 'text') return value.text.part(start, end);
  const quotes = value.kind === 'name' && value.end - value.start > value.text.length ? 1 : 0;
  return { start: value.start + quotes + start, end: value.start + quotes + end };
}
