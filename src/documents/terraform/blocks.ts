// The resources of a Terraform file that describe connectors. Other blocks are passed over.
import type { Place } from '../position.ts';
import type { Fault } from '../problem.ts';
import { matchBrackets } from './brackets.ts';
import {
  type Expression,
  Expressions,
  handsBack,
  type Member,
  type Notes,
  type Repeated,
} from './expressions.ts';
import { mayDescribeConnector } from './shape.ts';
import type { TokenTree } from './template.ts';
import type { Token } from './token.ts';
import { scanTokens } from './tokens.ts';

export interface Resource extends Place {
  type: Label;
  label: Label;
  /** The arguments; those of its nested blocks are not among them. */
  members: readonly Member[];
}

export interface Label extends Place {
  text: string;
  /** The index of the token that begins it. */
  token: number;
}

export interface TerraformFile {
  tree: TokenTree;
  resources: readonly Resource[];
  /** Objects outside of these that hold the settings of a connector, or its body. */
  settings: readonly Expression[];
  comments: readonly Token[];
  repeated: readonly Repeated[];
  /** The first fault. */
  fault: Fault | undefined;
}

export function readBlocks(file: string): TerraformFile {
  const { tokens: all, fault: scanFault } = scanTokens(file);
  const comments = all.filter(({ type }) => type === 'comment');
  const tokens = comments.length === 0 ? all : all.filter(({ type }) => type !== 'comment');
  const notes: Notes = { faults: [], repeated: [] };
  const brackets = matchBrackets(tokens, file);
  const tree = { file, tokens, closing: brackets.closing };
  const fault = scanFault ?? brackets.fault;
  if (fault !== undefined)
    return { tree, resources: [], settings: [], comments, repeated: [], fault };
  const reader = new BlockReader(tree, notes);
  const resources = reader.resources();
  const settings = reader.settings(resources);
  const [first] = notes.faults.toSorted((a, b) => a.start - b.start);
  return { tree, resources, settings, comments, repeated: notes.repeated, fault: first };
}

class BlockReader {
  readonly #tree: TokenTree;
  readonly #expressions: Expressions;

  constructor(tree: TokenTree, notes: Notes) {
    this.#tree = tree;
    this.#expressions = new Expressions(tree, notes);
  }

  resources(): Resource[] {
    const { tokens } = this.#tree;
    const resources: Resource[] = [];
    this.#items(0, tokens.length, (index, labels, open, close) => {
      const [type, label] = labels;
      const name = tokens[index];
      if (name?.text !== 'resource' || type === undefined || label === undefined) return;
      if (!mayDescribeConnector(type.text)) return;
      const members = this.#arguments(open + 1, close);
      resources.push({
        type,
        label,
        members,
        start: name.start,
        end: tokens[close]?.end ?? name.end,
      });
    });
    return resources;
  }

  /** Those outside of `known`, in order: in a local, the default of a variable, an argument of a module or of a function. */
  settings(known: readonly Place[]): Expression[] {
    const { file, tokens, closing } = this.#tree;
    const found: Expression[] = [];
    if (!file.includes(CLASS)) return found;
    const around: number[] = [];
    let [next, done] = [0, 0];
    for (const [index, { start, end }] of tokens.entries()) {
      while (closing.get(around.at(-1) ?? -1) === index) around.pop();
      const close = closing.get(index);
      while ((known[next]?.end ?? file.length) < start) next += 1;
      const isKnown = start < done || start > (known[next]?.start ?? file.length);
      if (close === undefined) continue;
      if (!isKnown && file.slice(end, tokens[close]?.start) === CLASS) {
        const whole = this.#settingsAround(around, close + 1);
        const value = whole && this.#expressions.read(whole.from, whole.to);
        if (value?.kind === 'object') found.push(value);
        // What a function makes of very many objects is not looked at for each of them.
        done = value?.end ?? done;
      }
      around.push(index);
    }
    return found;
  }

  /**
   * The tokens of the object whose member is followed by the token `behind`, with the call that hands it on; or of the one round
   * it where that has it as its `config`. `around` are the brackets that are open there.
   */
  #settingsAround(
    around: readonly number[],
    behind: number,
  ): { from: number; to: number } | undefined {
    const { file, tokens, closing } = this.#tree;
    const isSign = (index: number | undefined, text: string) =>
      index !== undefined && tokens[index]?.type === 'sign' && tokens[index]?.text === text;
    const behindOf = (open: number) => (closing.get(open) ?? open) + 1;
    const isInParentheses = isSign(around.at(-1), '(');
    let at = around.length - (isInParentheses ? 2 : 1);
    let from = around[at];
    const sign = isInParentheses ? behind + 1 : behind;
    if (from === undefined || !isSign(from, '{') || !(isSign(sign, '=') || isSign(sign, ':')))
      return undefined;
    let to = behindOf(from);
    for (let outer = around[at - 1]; outer !== undefined && isSign(outer, '('); ) {
      if (!handsBack(tokens[outer - 1]?.text ?? '')) break;
      [from, to, at] = [outer - 1, behindOf(outer), at - 1];
      outer = around[at - 1];
    }
    const outer = around[at - 1];
    const start = tokens[from]?.start ?? 0;
    const isBody =
      outer !== undefined &&
      isSign(outer, '{') &&
      tokens[outer - 1]?.type === 'sign' &&
      CONFIG.test(file.slice(Math.max(0, start - 40), start));
    return isBody ? { from: outer, to: behindOf(outer) } : { from, to };
  }

  #arguments(from: number, to: number): Member[] {
    const members = new Map<string, Member>();
    const add = (member: Member) => {
      if (members.has(member.name))
        this.#expressions.fail(
          member.token,
          'an argument of that name stands in this block already',
        );
      members.set(member.name, member);
    };
    this.#items(from, to, () => undefined, add);
    return [...members.values()];
  }

  /** The blocks and arguments between two tokens. */
  #items(
    from: number,
    to: number,
    onBlock: (index: number, labels: readonly Label[], open: number, close: number) => void,
    onArgument?: (member: Member) => void,
  ): void {
    const { tokens, closing } = this.#tree;
    for (let index = from; index < to; ) {
      const token = tokens[index];
      if (token?.type === 'newline') {
        index += 1;
        continue;
      }
      if (token?.type !== 'name')
        return this.#expressions.fail(index, 'a block or an argument is expected here');
      if (tokens[index + 1]?.text === '=') {
        index = this.#argument(index, to, onArgument);
        continue;
      }
      const { labels, next } = this.#labels(index + 1);
      const close = tokens[next]?.text === '{' ? closing.get(next) : undefined;
      if (close === undefined)
        return this.#expressions.fail(
          index,
          "behind the name of a block its '{' is expected, on the same line",
        );
      onBlock(index, labels, next, close);
      index = close + 1;
      if (index < to && tokens[index]?.type !== 'newline')
        return this.#expressions.fail(index, 'a line break is missing in front of this');
    }
  }

  #argument(index: number, to: number, onArgument?: (member: Member) => void): number {
    const { tokens } = this.#tree;
    const token = tokens[index];
    const end = this.#expressions.end(index + 2, to, '=');
    if (!this.#expressions.isJoined(index + 2, end)) return to;
    if (end === index + 2) this.#expressions.fail(index + 1, 'a value is missing behind this');
    if (end < to && tokens[end]?.text === '=') {
      this.#expressions.fail(end, 'a line break is missing between two arguments in front of this');
      return to;
    }
    if (token !== undefined && onArgument !== undefined) {
      const value = this.#expressions.read(index + 2, end);
      const { start, end: nameEnd, text: name = '' } = token;
      onArgument({ name, place: { start, end: nameEnd }, token: index, value });
    }
    return end;
  }

  #labels(from: number): { labels: Label[]; next: number } {
    const { file, tokens, closing } = this.#tree;
    const labels: Label[] = [];
    let next = from;
    for (;;) {
      const token = tokens[next];
      if (token?.type !== 'name' && token?.type !== 'open text') return { labels, next };
      const close = closing.get(next) ?? next;
      const { start } = token;
      const end = tokens[close]?.end ?? token.end;
      const text = token.type === 'name' ? file.slice(start, end) : file.slice(start + 1, end - 1);
      labels.push({ text, start, end, token: next });
      next = close + 1;
    }
  }
}

const CLASS = 'connector.class';

/** In front of the value of a member that has this name. */
const CONFIG = /(?<![\w-])"?config"?[ \t]*[=:][ \t]*$/;
