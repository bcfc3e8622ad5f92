// Reads a script of a POSIX shell or of Bash as far as it takes to know which texts its commands are given: words with their
// quotes, here-documents, and what stands in `$( … )`. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
//
// Nothing is run. What only a run can tell, the value of a variable or the output of a command, stays an expansion. Looks at each
// character a bounded number of times; a script with faults is read as far as it goes.
import type { Piece } from '../pieced-text.ts';
import type { Place } from '../position.ts';

/** What the characters around a part mean to the shell; a here-document is `literal` where its delimiter is quoted. */
export type Quoting = 'none' | 'single' | 'ansi' | 'double' | 'here' | 'literal';

/** A part of a word or here-document: its text to the command, and where it stands. */
export interface Part extends Piece {
  quoting: Quoting;
  /** True for `$name`, `${…}`, `$(…)` and `` `…` ``: the text is then the one in the script. */
  isExpansion: boolean;
}

export interface Command {
  words: (readonly Part[])[];
  hereDocuments: (readonly Part[])[];
  /** The command in whose `$( … )` it stands. */
  outer: Command | undefined;
  /** All commands between which there are `|`, itself among them. */
  pipeline: Command[];
}

export interface Script {
  commands: readonly Command[];
  /** Each with its `#`. */
  comments: readonly Place[];
}

export function readScript(text: string): Script {
  const reader = new Reader(text);
  reader.read(undefined);
  return reader;
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join('');
}

/** True where the shell looks for expansions. */
export function isExpanding(quoting: Quoting): boolean {
  return Object.hasOwn(EXPANDING, quoting);
}

/** Substitutions in others deeper than this are not looked into. */
const DEEPEST = 50;

/** A here-document that begins on the next line. */
interface Awaited {
  command: Command;
  delimiter: string;
  isLiteral: boolean;
  /** `<<-`: tabs at the beginning of a line do not count. */
  isIndented: boolean;
}

class Reader implements Script {
  readonly commands: Command[] = [];
  readonly comments: Place[] = [];
  /** Up to the end of what is being read, which may be a here-document. */
  #text: string;
  #at: number;
  #depth = 0;
  #awaited: Awaited[] = [];
  /** From where on nothing closes `${` or a backtick, so that it is not looked for again. */
  #unclosed = { brace: Infinity, backtick: Infinity };

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  /** Commands up to the end or, in a substitution, up to the bracket that closes it. */
  read(outer: Command | undefined): void {
    let open = 0;
    let command = this.#begin(outer);
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at] ?? '';
      if (this.#skips(BLANK)) continue;
      if (this.#skips(PIPE)) command = this.#begin(outer, command.pipeline);
      else if (this.#text.startsWith('((', this.#at)) this.#arithmetic();
      else if (sign === '\n') {
        this.#at += 1;
        this.#readAwaited();
        command = this.#begin(outer);
      } else if (sign === '#') this.#comment();
      else if (sign === '<' || sign === '>' || this.#text.startsWith('&>', this.#at))
        this.#redirection(command);
      else if (sign === ')' && open === 0 && outer !== undefined) {
        this.#at += 1;
        return;
      } else if (';&|()'.includes(sign)) {
        if (sign === '(') open += 1;
        if (sign === ')') open = Math.max(0, open - 1);
        this.#at += 1;
        command = this.#begin(outer);
      } else command.words.push(this.#word(command));
    }
  }

  #begin(outer: Command | undefined, pipeline: Command[] = []): Command {
    const command: Command = { words: [], hereDocuments: [], outer, pipeline };
    pipeline.push(command);
    this.commands.push(command);
    return command;
  }

  /** True where the sticky expression matches; what it matches is passed over. */
  #skips(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #comment(): void {
    const start = this.#at;
    this.#skips(LINE);
    this.comments.push({ start, end: this.#at });
  }

  #redirection(command: Command): void {
    if (!this.#skips(HERE)) {
      const isProcess = this.#text[this.#at + 1] === '(';
      this.#skips(REDIRECTION);
      if (isProcess) this.#substitution(command);
      return;
    }
    const isIndented = this.#skips(DASH);
    this.#skips(BLANK);
    const start = this.#at;
    const delimiter = textOf(this.#word(command));
    const isLiteral = this.#text.slice(start, this.#at) !== delimiter;
    if (this.#at > start) this.#awaited.push({ command, delimiter, isLiteral, isIndented });
  }

  /** The bodies of the here-documents that were announced on the line before. */
  #readAwaited(): void {
    const awaited = this.#awaited;
    this.#awaited = [];
    for (const one of awaited) {
      const start = this.#at;
      let end = start;
      while (!this.#isDelimiter(one) && this.#at < this.#text.length) {
        this.#skips(WHOLE_LINE);
        end = this.#at;
      }
      const next = this.#at;
      one.command.hereDocuments.push(this.#body(start, end, one));
      this.#at = next;
    }
  }

  /** True for the line that ends a here-document, which is then passed over. */
  #isDelimiter({ delimiter, isIndented }: Awaited): boolean {
    const start = this.#at;
    if (isIndented) this.#skips(TABS);
    const from = this.#at;
    if (this.#text.startsWith(delimiter, from)) {
      this.#at = from + delimiter.length;
      if (this.#skips(LINE_BREAK) || this.#at === this.#text.length) return true;
    }
    this.#at = start;
    return false;
  }

  #body(start: number, end: number, { command, isLiteral, isIndented }: Awaited): Part[] {
    const parts: Part[] = [];
    this.#inside(start, end, () => {
      let isAtLine = true;
      while (this.#at < end) {
        if (isIndented && isAtLine && this.#skips(TABS)) continue;
        const from = this.#at;
        if (!isLiteral) this.#expanding(parts, command, 'here');
        else if (this.#skips(WHOLE_LINE)) parts.push(this.#part(from, 'literal'));
        isAtLine = this.#text[this.#at - 1] === '\n';
      }
    });
    return parts;
  }

  #word(command: Command): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      const at = this.#at;
      const sign = this.#text[at] ?? '';
      if (' \t\r\n;&|()<>'.includes(sign)) break;
      if (sign === "'") this.#single(parts);
      else if (sign === '"') this.#double(parts, command);
      else if (sign === '$' && this.#text[at + 1] === "'") this.#ansi(parts);
      else if (sign === '$' && this.#text[at + 1] === '"') this.#at += 1;
      else if (!this.#skips(LINE_GOES_ON)) this.#expanding(parts, command, 'none');
    }
    return parts;
  }

  #single(parts: Part[]): void {
    const start = this.#at + 1;
    const quote = this.#text.indexOf("'", start);
    this.#at = quote === -1 ? this.#text.length : quote;
    if (this.#at > start) parts.push(this.#part(start, 'single'));
    this.#at += 1;
  }

  #double(parts: Part[], command: Command): void {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#expanding(parts, command, 'double');
    this.#at += 1;
  }

  /** `$'…'`. Of its escapes only those are known that are a backslash and one sign. */
  #ansi(parts: Part[]): void {
    this.#at += 2;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "'") {
      const at = this.#at;
      if (this.#skips(ANSI_RUN)) parts.push(this.#part(at, 'ansi'));
      else {
        const sign = this.#text.slice(at + 1, at + 2);
        this.#escape(parts, 'ansi', ANSI.get(sign) ?? sign);
      }
    }
    this.#at += 1;
  }

  /** One part of a text in which the shell looks for expansions. */
  #expanding(parts: Part[], command: Command, quoting: 'none' | 'double' | 'here'): void {
    const { run, escaped } = EXPANDING[quoting];
    const at = this.#at;
    if (this.#skips(run)) parts.push(this.#part(at, quoting));
    else if (this.#skips(LINE_GOES_ON)) return;
    else if (this.#expansion(command, quoting))
      parts.push({ ...this.#part(at, quoting), isExpansion: true });
    else {
      const next = this.#text.slice(at + 1, at + 2);
      if (this.#text[at] === '\\' && escaped.test(next)) this.#escape(parts, quoting, next);
      else {
        this.#at += 1;
        parts.push(this.#part(at, quoting));
      }
    }
  }

  /** Passes over an expansion; false for a sign that begins none. */
  #expansion(command: Command, quoting: Quoting): boolean {
    if (this.#text[this.#at] === '`') return this.#backticks(command);
    if (this.#text[this.#at] !== '$') return false;
    if (this.#text[this.#at + 1] === '{') return this.#braces(command, quoting);
    if (this.#text[this.#at + 1] !== '(') return this.#skips(VARIABLE);
    this.#at += 1;
    if (this.#text[this.#at + 1] === '(') this.#arithmetic();
    else this.#substitution(command);
    return true;
  }

  /** `((…))`, in which `<<` is no here-document. */
  #arithmetic(): void {
    const close = this.#text.indexOf('))', this.#at + 2);
    this.#at = close === -1 ? this.#text.length : close + 2;
  }

  /** The commands in brackets; the opening one is next. */
  #substitution(command: Command): void {
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#at = this.#text.length;
    else this.read(command);
    this.#depth -= 1;
  }

  /** `${…}`, with quotes and expansions in it. */
  #braces(command: Command, quoting: Quoting): boolean {
    const start = this.#at;
    if (start >= this.#unclosed.brace || this.#depth >= DEEPEST) return false;
    // Else each of those in which it stands would be read to the end, too.
    if (!this.#text.includes('}', start)) {
      this.#unclosed.brace = start;
      return false;
    }
    const before = { commands: this.commands.length, comments: this.comments.length };
    this.#depth += 1;
    this.#at += 2;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      const sign = this.#text[this.#at];
      if (sign === '"') this.#double([], command);
      else if (sign === "'" && quoting === 'none') this.#single([]);
      else if (!this.#expansion(command, quoting)) this.#skips(BETWEEN_BRACES);
    }
    this.#depth -= 1;
    this.#at += 1;
    if (this.#at <= this.#text.length) return true;
    this.#unclosed.brace = start;
    this.#at = start;
    // What was met in it comes once more.
    this.commands.length = before.commands;
    this.comments.length = before.comments;
    return false;
  }

  #backticks(command: Command): boolean {
    const start = this.#at;
    if (start >= this.#unclosed.backtick) return false;
    this.#at += 1;
    while (this.#skips(BETWEEN_BACKTICKS)) continue;
    const end = this.#at;
    if (end < this.#text.length) {
      this.#inside(start + 1, end, () => {
        while (this.#at < end) this.read(command);
      });
      this.#at = end + 1;
      return true;
    }
    this.#unclosed.backtick = start;
    this.#at = start;
    return false;
  }

  /** Reads a part of the text as if nothing came behind it. */
  #inside(start: number, end: number, read: () => void): void {
    const text = this.#text;
    const unclosed = this.#unclosed;
    this.#text = text.slice(0, end);
    this.#unclosed = { brace: Infinity, backtick: Infinity };
    this.#at = start;
    read();
    this.#text = text;
    this.#unclosed = unclosed;
    // What a line in it announces does not come any more.
    this.#awaited = [];
  }

  /** A backslash and a sign. */
  #escape(parts: Part[], quoting: Quoting, text: string): void {
    const start = this.#at;
    this.#at = Math.min(start + 2, this.#text.length);
    parts.push({ ...this.#part(start, quoting), text });
  }

  /** From `start` up to where the reader is, as it stands. */
  #part(start: number, quoting: Quoting): Part {
    // A quote that is not closed is passed over all the same.
    const end = Math.min(this.#at, this.#text.length);
    return { start, end, text: this.#text.slice(start, end), quoting, isExpansion: false };
  }
}

const LINE_GOES_ON = /\\\r?\n/y;
const BLANK = /(?:[ \t\r]|\\\r?\n)+/y;
const LINE = /[^\r\n]*/y;
const WHOLE_LINE = /[^\n]*\n|[^\n]+/y;
const LINE_BREAK = /\r?\n/y;
const TABS = /\t+/y;
const PIPE = /\|&?(?!\|)/y;
/** `<<<` gives a word to a command, and `<<2` is arithmetic. */
const HERE = /<<(?=-?[ \t]*[A-Za-z_'"\\!@%])/y;
const DASH = /-/y;
const REDIRECTION = /&?[<>]+&?/y;
const VARIABLE = /\$(?:[A-Za-z_]\w*|[\d@*#?!$-])/y;
const BETWEEN_BRACES = /[^$`}"'\\]+|\\[^]|[^]/y;
const BETWEEN_BACKTICKS = /[^`\\]+|\\[^]/y;
const ANSI_RUN = /[^'\\]+/y;

/** What means nothing to the shell, and before what a backslash is one to it. */
const EXPANDING = {
  none: { run: /[^ \t\r\n;&|()<>'"\\$`]+/y, escaped: /[^]/ },
  double: { run: /[^"\\$`]+/y, escaped: /["\\$`]/ },
  here: { run: /[^\\$`\n]*\n|[^\\$`\n]+/y, escaped: /[\\$`]/ },
} as const;

const ANSI: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);
