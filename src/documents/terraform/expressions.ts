// What an expression gives, as far as that is known without running Terraform: texts, numbers, objects and lists, also those
// given to `merge`, `sensitive` and the like. All else is unknown, and no rule judges it.
import type { PiecedText } from '../pieced-text.ts';
import type { Place } from '../position.ts';
import type { Fault } from '../problem.ts';
import { scalarOf } from './scalars.ts';
import { EXPRESSION, readTemplate, type TokenTree } from './template.ts';

export type Expression = Place &
  (
    | { kind: 'text'; open: number; text: PiecedText; unescaped: ReadonlySet<number> }
    | { kind: 'scalar'; value: string | number | boolean | null }
    /** `isOpen`: it may have members that are not known here. */
    | { kind: 'object'; members: readonly Member[]; isOpen: boolean }
    | { kind: 'list'; items: readonly Expression[] }
    | { kind: 'unknown' }
  );

export interface Member {
  name: string;
  /** With its quotes. */
  place: Place;
  /** The index of the token that begins the name. */
  token: number;
  value: Expression;
}

/** Members of one object that have the same name. */
export interface Repeated {
  member: Member;
  first: Member;
}

/** Filled while expressions are read. */
export interface Notes {
  faults: Fault[];
  repeated: Repeated[];
}

const DEEPEST = 60;

export class Expressions {
  readonly #tree: TokenTree;
  readonly #notes: Notes;

  constructor(tree: TokenTree, notes: Notes) {
    this.#tree = tree;
    this.#notes = notes;
  }

  /** Where an expression ends that begins at a token: at a line break, or at one of `signs`, that is not in brackets. */
  end(from: number, limit: number, signs: string): number {
    const { tokens, closing } = this.#tree;
    let index = from;
    while (index < limit) {
      const token = tokens[index];
      if (token?.type === 'newline' || (token?.type === 'sign' && signs.includes(token.text ?? '')))
        break;
      index = (closing.get(index) ?? index) + 1;
    }
    return index;
  }

  /**
   * False, with a fault, where two operands stand side by side: often a text ends at a `"` in it that was not escaped, or a
   * value stands without quotes.
   */
  isJoined(from: number, to: number): boolean {
    const { tokens, closing } = this.#tree;
    let isOperand = false;
    for (let index = from; index < to; index = (closing.get(index) ?? index) + 1) {
      const token = tokens[index];
      const begins = token?.type !== 'sign' || token.text === '{';
      if (begins && isOperand) {
        this.fail(index, JOINED);
        return false;
      }
      isOperand = begins || '(['.includes(token?.text ?? '');
    }
    return true;
  }

  /** The expression of the tokens from `from` to `to`, which is exclusive. */
  read(from: number, to: number, depth = 0): Expression {
    const { tokens, closing } = this.#tree;
    const first = tokens[from];
    const last = tokens[to - 1];
    if (first === undefined || last === undefined || to <= from)
      return { kind: 'unknown', ...this.#placeBefore(from) };
    const place = { start: first.start, end: last.end };
    const unknown: Expression = { kind: 'unknown', ...place };
    if (depth > DEEPEST) return unknown;
    if (closing.get(from) === to - 1) return this.#bracketed(from, to, place, depth);
    const scalar = scalarOf(this.#tree.file, tokens.slice(from, Math.min(to, from + 3)), to - from);
    if (scalar !== undefined) return { kind: 'scalar', value: scalar, ...place };
    const isCall = first.type === 'name' && tokens[from + 1]?.text === '(';
    if (isCall && closing.get(from + 1) === to - 1)
      return this.#call(first.text ?? '', from + 2, to - 1, place, depth);
    return unknown;
  }

  /** Notes a fault at a token. */
  fail(index: number, text: string): void {
    const { start = 0, end = 0 } = this.#tree.tokens[index] ?? {};
    this.#notes.faults.push({ start, end, text });
  }

  #bracketed(from: number, to: number, place: Place, depth: number): Expression {
    const first = this.#tree.tokens[from];
    if (first?.type === 'open text' || first?.type === 'open heredoc') {
      const template = readTemplate(this.#tree, from);
      return template === undefined
        ? { kind: 'unknown', ...place }
        : { kind: 'text', open: from, ...template, ...place };
    }
    if (first?.text === '(') {
      const [inner, ...more] = this.#parts(from + 1, to - 1, depth);
      return inner !== undefined && more.length === 0 ? inner : { kind: 'unknown', ...place };
    }
    if (first?.text === '[') {
      const isFor = this.#nameAt(from + 1, to) === 'for';
      return isFor
        ? { kind: 'unknown', ...place }
        : { kind: 'list', items: this.#parts(from + 1, to - 1, depth), ...place };
    }
    if (this.#nameAt(from + 1, to) === 'for') return { kind: 'unknown', ...place };
    return { kind: 'object', ...this.#members(from + 1, to - 1, depth), ...place };
  }

  /** The expressions between commas. Line breaks mean nothing there. */
  #parts(from: number, to: number, depth: number): Expression[] {
    const { tokens, closing } = this.#tree;
    const parts: Expression[] = [];
    let start = from;
    for (let index = from; index <= to; index = (closing.get(index) ?? index) + 1) {
      if (index < to && !(tokens[index]?.type === 'sign' && tokens[index]?.text === ',')) continue;
      let end = index;
      while (start < end && tokens[start]?.type === 'newline') start += 1;
      while (start < end && tokens[end - 1]?.type === 'newline') end -= 1;
      if (end > start) parts.push(this.read(start, end, depth + 1));
      start = index + 1;
    }
    return parts;
  }

  #call(name: string, from: number, to: number, place: Place, depth: number): Expression {
    const parts = this.#parts(from, to, depth);
    const [only, ...more] = parts;
    if (SAME_VALUE.has(name) && only !== undefined && more.length === 0) return only;
    if (name !== 'merge') return { kind: 'unknown', ...place };
    const members = parts.flatMap((part) => (part.kind === 'object' ? part.members : []));
    const isOpen = parts.some((part) => part.kind !== 'object' || part.isOpen);
    return { kind: 'object', members, isOpen, ...place };
  }

  #members(from: number, to: number, depth: number): { members: Member[]; isOpen: boolean } {
    const { tokens } = this.#tree;
    const members = new Map<string, Member>();
    let isOpen = false;
    for (let index = from; index < to; ) {
      if (tokens[index]?.type === 'newline') {
        index += 1;
        continue;
      }
      const sign = this.end(index, to, '=:,');
      const end = this.#valueEnd(index, sign, to);
      if (end === undefined) break;
      const name = this.#name(index, sign);
      const value = this.read(sign + 1, end, depth + 1);
      if (name === undefined) isOpen = true;
      else this.#add(members, { ...name, value });
      index = tokens[end]?.text === ',' ? end + 1 : end;
    }
    return { members: [...members.values()], isOpen };
  }

  /** Of repeated members the last one counts, and Terraform says nothing. */
  #add(members: Map<string, Member>, member: Member): void {
    const first = members.get(member.name);
    if (first !== undefined) this.#notes.repeated.push({ member, first });
    members.set(member.name, member);
  }

  #valueEnd(name: number, sign: number, to: number): number | undefined {
    const { tokens } = this.#tree;
    const token = tokens[sign];
    if (sign >= to || token?.type !== 'sign' || token.text === ',' || sign === name) {
      this.fail(name, "a '=' is missing between the name of a setting and its value");
      return undefined;
    }
    const end = this.end(sign + 1, to, ',=');
    if (!this.isJoined(name, sign) || !this.isJoined(sign + 1, end)) return undefined;
    if (end === sign + 1) {
      this.fail(sign, 'a value is missing behind this');
      return undefined;
    }
    if (end < to && tokens[end]?.text === '=') {
      this.fail(end, "a line break or ',' is missing between two settings in front of this");
      return undefined;
    }
    return end;
  }

  /** A name as it stands, in quotes, or in parentheses round these; undefined for one that is computed. */
  #name(from: number, to: number): Omit<Member, 'value'> | undefined {
    const { tokens, file } = this.#tree;
    const first = tokens[from];
    if (first === undefined) return undefined;
    const { start, end } = first;
    if (to === from + 1 && (first.type === 'name' || first.type === 'number'))
      return { name: file.slice(start, end), place: { start, end }, token: from };
    if (first.type !== 'open text' && first.text !== '(') return undefined;
    const text = this.read(from, to);
    return text.kind === 'text' && !text.text.text.includes(EXPRESSION)
      ? { name: text.text.text, place: { start: text.start, end: text.end }, token: text.open }
      : undefined;
  }

  #nameAt(from: number, to: number): string | undefined {
    const { tokens } = this.#tree;
    let index = from;
    while (index < to && tokens[index]?.type === 'newline') index += 1;
    return tokens[index]?.type === 'name' ? tokens[index]?.text : undefined;
  }

  #placeBefore(index: number): Place {
    const end = this.#tree.tokens[index - 1]?.end ?? 0;
    return { start: end, end };
  }
}

const JOINED =
  'an operator or a line break is missing in front of this, or a \'"\' inside a text is not written \\"';

/** Functions that hand back what they are given. */
const SAME_VALUE: ReadonlySet<string> = new Set([
  'sensitive',
  'nonsensitive',
  'ephemeralasnull',
  'tostring',
  'tonumber',
  'tobool',
  'tomap',
  'tolist',
  'toset',
]);

/** Whether an object that a function is given is one of what it gives. */
export function handsBack(name: string): boolean {
  return name === 'merge' || SAME_VALUE.has(name);
}
