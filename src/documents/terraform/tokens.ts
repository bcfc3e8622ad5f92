// The tokens of HCL's native syntax, as far as connectors need them: names, texts, brackets and line breaks, each with its
// place (hashicorp/hcl: hclsyntax/spec.md, scan_tokens.rl). No library fits: tree-sitter's grammar loses the rest of a text
// behind `${secret:a:b}`, the very mistake that has to be reported, and takes 4 s for 64 KiB of `a = `; CodeMirror's takes
// 12 s for 64 KiB of heredocs. The golden table of the tests was made with hashicorp/hcl. Stops at the first fault.
import { matchAt, nextMatch } from '../../domain/matching.ts';
import type { Fault } from '../problem.ts';
import type { Token, TokenType } from './token.ts';

export interface Tokens {
  tokens: readonly Token[];
  fault?: Fault;
}

export function scanTokens(text: string): Tokens {
  return new Scanner(text, { kind: 'main', open: 0, braces: 0 }).scan();
}

/** The same of a text without quotes round it, as a string of JSON is one: its tokens stand between those of a heredoc. */
export function scanTemplate(text: string): Tokens {
  return new Scanner(text, { kind: 'whole' }).scan();
}

type Mode =
  /** `braces`: how many are open inside it. */
  | { kind: 'main'; open: number; braces: number }
  | { kind: 'text'; open: number }
  | { kind: 'heredoc'; open: number; marker: string }
  /** Up to the end of the text. */
  | { kind: 'whole' };

const BLANKS = /[ \t]*/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d(?:[\d.]|[eE][+-]?\d)*(?<!\.)/y;
const NEWLINE = /\r?\n/y;
const COMMENT = /(?:#|\/\/)[^\n]*/y;
const SIGN = /==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|[[\](){}.,*/%+\-=<>!?:&|~^]/y;
const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
const MEANING = /["$%\\\r\n]/g;
const TEMPLATE = /[$%]/g;
const OPENING = /[$%]\{/g;
const LINE_BREAK = /\n/g;
const ESCAPE =
  /\\(?:[nrt"\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U(?!0000[dD][89a-fA-F])(?:000[0-9a-fA-F]|0010)[0-9a-fA-F]{4})/y;
/** No expression begins so: it is a reference of Kafka's that was not escaped. */
const REFERENCE = /\$\{~?[ \t]*[\w.-]{1,255}[ \t]*:(?!:)/y;

class Scanner {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #modes: Mode[];
  #at: number;
  /** Where the line of a heredoc ends that is being read. */
  #lineEnd = 0;
  /** The next `$` or `%` of a heredoc. */
  #signAt = -1;
  #fault: Fault | undefined;

  constructor(text: string, mode: Mode) {
    this.#text = text;
    this.#modes = [mode];
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
    if (mode.kind === 'whole') this.#push('open heredoc', 0);
  }

  scan(): Tokens {
    while (this.#fault === undefined) {
      const mode = this.#modes.at(-1);
      if (mode === undefined || this.#at >= this.#text.length) break;
      if (mode.kind === 'main') this.#main(mode);
      else if (mode.kind === 'text') this.#quoted(mode);
      else if (mode.kind === 'heredoc') this.#heredocPiece(mode);
      else this.#piece();
    }
    const open = this.#modes.at(-1);
    if (open?.kind === 'whole') this.#push('close heredoc', 0);
    else if (this.#fault === undefined && open !== undefined && this.#modes.length > 1)
      this.#fault = this.#unclosed(open);
    return { tokens: this.#tokens, ...(this.#fault && { fault: this.#fault }) };
  }

  #main(mode: Mode & { kind: 'main' }): void {
    this.#at += this.#length(BLANKS);
    if (this.#at >= this.#text.length) return;
    const first = this.#text[this.#at];
    if (first === '"') {
      this.#modes.push({ kind: 'text', open: this.#at });
      this.#push('open text', 1);
    } else if (first === '{' || first === '}' || this.#text.startsWith('~}', this.#at)) {
      this.#brace(mode);
    } else if (this.#text.startsWith('/*', this.#at)) {
      const end = this.#text.indexOf('*/', this.#at + 2);
      if (end === -1) this.#fail(2, "the comment is not closed: its '*/' is missing");
      else this.#push('comment', end + 2 - this.#at);
    } else if (!this.#heredoc() && !this.#plain()) {
      this.#strange();
    }
  }

  #plain(): boolean {
    for (const [type, pattern] of PLAIN) {
      const length = this.#length(pattern);
      if (length === 0) continue;
      const isNamed = type === 'name' || type === 'sign';
      this.#push(type, length, isNamed ? this.#text.slice(this.#at, this.#at + length) : undefined);
      return true;
    }
    return false;
  }

  #brace(mode: Mode & { kind: 'main' }): void {
    const isOpen = this.#text[this.#at] === '{';
    const length = this.#text[this.#at] === '~' ? 2 : 1;
    if (!isOpen && mode.braces === 0 && this.#modes.length > 1) {
      this.#push('close interpolation', length);
      this.#modes.pop();
      return;
    }
    mode.braces += isOpen ? 1 : -1;
    this.#push('sign', length, isOpen ? '{' : '}');
  }

  #heredoc(): boolean {
    const opening = matchAt(HEREDOC, this.#text, this.#at);
    const [all = '', flush = '', marker = ''] = opening ?? [];
    if (opening === undefined) return false;
    this.#modes.push({ kind: 'heredoc', open: this.#at, marker });
    this.#push('open heredoc', all.length, `<<${flush}`);
    return true;
  }

  /** Reads up to the next sign that means something. */
  #quoted(mode: Mode & { kind: 'text' }): void {
    const text = this.#text;
    let end = nextMatch(MEANING, this.#text, this.#at);
    while (text[end] === '\\') {
      ESCAPE.lastIndex = end;
      if (!ESCAPE.test(text)) {
        this.#fault = { ...BAD_ESCAPE, start: end, end: Math.min(end + 2, this.#text.length) };
        return;
      }
      end = nextMatch(MEANING, this.#text, ESCAPE.lastIndex);
    }
    if (end > this.#at) this.#push('text', end - this.#at);
    const sign = text[this.#at];
    if (sign === '"') {
      this.#push('close text', 1);
      this.#modes.pop();
    } else if (sign === '$' || sign === '%') {
      this.#template();
    } else if (sign !== undefined) {
      this.#fault = { ...NOT_CLOSED, start: mode.open, end: mode.open + 1 };
    }
  }

  #heredocPiece({ marker }: Mode & { kind: 'heredoc' }): void {
    const text = this.#text;
    const isLineStart = text[this.#at - 1] === '\n';
    if (this.#lineEnd <= this.#at)
      this.#lineEnd = Math.min(text.length, nextMatch(LINE_BREAK, this.#text, this.#at) + 1);
    if (this.#signAt < this.#at) this.#signAt = nextMatch(TEMPLATE, this.#text, this.#at);
    const end = this.#lineEnd;
    if (isLineStart && text[end - 1] === '\n' && text.slice(this.#at, end).trim() === marker) {
      const lineBreak = text[end - 2] === '\r' ? 2 : 1;
      this.#push('close heredoc', end - lineBreak - this.#at);
      this.#modes.pop();
      return;
    }
    const next = Math.min(this.#signAt, end);
    if (next > this.#at) this.#push('text', next - this.#at);
    else this.#template();
  }

  #piece(): void {
    let next = nextMatch(OPENING, this.#text, this.#at);
    while (next > this.#at && this.#text[next - 1] === this.#text[next]) next -= 1;
    if (next > this.#at) this.#push('text', next - this.#at);
    else this.#template();
  }

  /** At a `$` or `%`: several of them in front of a `{` are an escape, of which one goes (`$$${` is `$${`). */
  #template(): void {
    const text = this.#text;
    const sign = text[this.#at];
    let brace = this.#at;
    while (text[brace] === sign) brace += 1;
    const count = brace - this.#at;
    if (text[brace] !== '{') {
      this.#push('text', count);
      return;
    }
    if (count > 2) this.#push('text', count - 2);
    if (count > 1) this.#push('escape', 3);
    else if (sign === '$' && this.#length(REFERENCE) > 0) this.#push('unescaped', 2);
    else {
      this.#modes.push({ kind: 'main', open: this.#at, braces: 0 });
      const length = text[brace + 1] === '~' ? 3 : 2;
      this.#push(sign === '$' ? 'open interpolation' : 'open directive', length);
    }
  }

  #strange(): void {
    if (this.#text[this.#at] === "'")
      this.#fail(1, "a text stands in double quotes, not in single ones: Terraform knows no '");
    else this.#fail(1, 'a character that means nothing here: Terraform refuses the file');
  }

  #unclosed(mode: Exclude<Mode, { kind: 'whole' }>): Fault {
    const place = { start: mode.open, end: mode.open + 1 };
    if (mode.kind === 'text') return { ...NOT_CLOSED, ...place };
    if (mode.kind === 'heredoc')
      return {
        start: mode.open,
        end: mode.open + 2,
        text: 'the text that begins here is not closed: its end mark must stand alone on a line, with a line break behind it',
      };
    return {
      start: mode.open,
      end: mode.open + 2,
      text: "the expression that begins here is not closed: its '}' is missing",
    };
  }

  #fail(length: number, text: string): void {
    this.#fault = { start: this.#at, end: this.#at + length, text };
  }

  #push(type: TokenType, length: number, text?: string): void {
    const start = this.#at;
    this.#at += length;
    this.#tokens.push({ type, start, end: this.#at, ...(text !== undefined && { text }) });
  }

  #length(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex - this.#at : 0;
  }
}

const BAD_ESCAPE = {
  text: 'a backslash in the text begins an escape that Terraform does not know',
  hint: 'write \\\\ for a backslash, and $${ for a reference that Terraform is to leave to Kafka',
};

const NOT_CLOSED = {
  text: "the text is not closed on its line: its '\"' is missing",
  hint: 'write \\n for a line break, or <<EOT for a text of several lines',
};

const PLAIN = [
  ['newline', NEWLINE],
  ['comment', COMMENT],
  ['name', NAME],
  ['number', NUMBER],
  ['sign', SIGN],
] as const;
