// The statements of a script that make connectors. Others are passed over.
import { type Piece, PiecedText } from '../pieced-text.ts';
import type { Place } from '../position.ts';
import type { Fault } from '../problem.ts';
import { scanTokens, type Token } from './tokens.ts';

export interface Statement extends Place {
  /** Undefined where a variable gives it. */
  name: PiecedText | undefined;
  /** With its quotes. */
  namePlace: Place;
  /** The brackets behind WITH. */
  settings: Place;
  members: readonly Member[];
}

export interface Member {
  name: string;
  /** With its quotes. */
  place: Place;
  value: Value;
}

export type Value = Place &
  (
    | { kind: 'text'; text: PiecedText }
    | { kind: 'scalar'; value: string | number | boolean | null }
    | { kind: 'variable' }
  );

export interface Script {
  statements: readonly Statement[];
  tokens: readonly Token[];
  comments: readonly Token[];
  /** The first fault: where there is one, no statements are given. */
  fault: Fault | undefined;
}

export function readScript(file: string): Script {
  const { tokens: all, fault } = scanTokens(file);
  const comments = all.filter(({ type }) => type === 'comment');
  const tokens = comments.length === 0 ? all : all.filter(({ type }) => type !== 'comment');
  const read = statementsOf(file, tokens);
  if (Array.isArray(read) && fault === undefined)
    return { statements: read, tokens, comments, fault: undefined };
  // Behind one ' too many, texts are read as words and words as texts, and the quote that is missing is noticed only at the
  // end of the file. The first statement that goes wrong is a better place to report.
  const isEarlier =
    !Array.isArray(read) && (fault === undefined || read.start < (tokens.at(-1)?.end ?? 0));
  return { statements: [], tokens, comments, fault: isEarlier ? read : fault };
}

function statementsOf(file: string, tokens: readonly Token[]): Statement[] | Fault {
  try {
    return new Reader(file, tokens).statements();
  } catch (error) {
    if (error instanceof Stop) return error.fault;
    throw error;
  }
}

class Stop extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.text);
    this.fault = fault;
  }
}

class Reader {
  readonly #file: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(file: string, tokens: readonly Token[]) {
    this.#file = file;
    this.#tokens = tokens;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      if (!this.#isWord(0, 'CREATE') || !this.#isWord(2, 'CONNECTOR')) continue;
      if (!this.#isWord(1, 'SINK') && !this.#isWord(1, 'SOURCE')) continue;
      const before = this.#tokens[this.#at - 1];
      if (before !== undefined && before.text !== ';')
        this.#fail("a ';' is missing behind the statement in front of this");
      statements.push(this.#statement());
    }
    return statements;
  }

  #statement(): Statement {
    const start = this.#tokens[this.#at]?.start ?? 0;
    this.#at += 3;
    if (this.#isWord(0, 'IF') && this.#isWord(1, 'NOT') && this.#isWord(2, 'EXISTS')) this.#at += 3;
    const namePlace = this.#place();
    const name = this.#name();
    if (!this.#isWord(0, 'WITH')) this.#fail(BEHIND_NAME, '`my-connector`');
    this.#at += 1;
    const open = this.#place();
    this.#sign('(', "the settings are missing here: they stand in '(' and ')'");
    const members = this.#members();
    const settings = { start: open.start, end: this.#place().end };
    this.#at += 1;
    if (this.#tokens[this.#at]?.text !== ';') {
      this.#at -= 1;
      this.#fail("a ';' is missing behind the statement");
    }
    return { name, namePlace, settings, members, start, end: settings.end };
  }

  /** ksqlDB reads a name without quotes in upper case (ParserUtil.getIdentifierText). */
  #name(): PiecedText | undefined {
    const token = this.#tokens[this.#at];
    if (token?.type === 'number')
      this.#fail('a name that begins with a digit stands in backticks', '`2nd-connector`');
    if (token?.type !== 'word' && token?.type !== 'quoted name' && token?.type !== 'variable')
      this.#fail('the name of the connector is missing here');
    this.#at += 1;
    if (token?.type === 'variable' || token === undefined) return undefined;
    return this.#identifier(token);
  }

  #identifier(token: Token): PiecedText {
    const { start, end } = token;
    if (token.type === 'word') return new PiecedText(token, [{ start, end, text: token.text }]);
    const name = this.#quoted(token);
    if (!SWALLOWS.test(name.text)) return name;
    const quote = this.#file.slice(start, start + 1);
    throw new Stop({
      start,
      end: start + 1,
      text: `the name is not closed: its ${quote} is missing`,
    });
  }

  #quoted({ start, end }: Place): PiecedText {
    const quote = this.#file.slice(start, start + 1);
    const inside = { start: start + 1, end: end - 1 };
    const pieces: Piece[] = [];
    let from = inside.start;
    for (;;) {
      const at = this.#file.indexOf(quote, from);
      const to = at === -1 || at >= inside.end ? inside.end : at;
      if (to > from) pieces.push({ start: from, end: to, text: this.#file.slice(from, to) });
      if (to === inside.end) return new PiecedText(inside, pieces);
      pieces.push({ start: to, end: to + 2, text: quote });
      from = to + 2;
    }
  }

  #members(): Member[] {
    const members: Member[] = [];
    if (this.#tokens[this.#at]?.text === ')') return members;
    for (;;) {
      const place = this.#place();
      const token = this.#tokens[this.#at];
      if (token?.text === ')') {
        this.#at -= 1;
        this.#fail("a ',' stands before ')'", 'remove the comma');
      }
      if (token?.type !== 'text' && token?.type !== 'word' && token?.type !== 'quoted name')
        this.#fail('the name of a setting in single quotes is missing here');
      const name = token === undefined ? '' : this.#identifier(token).text;
      this.#at += 1;
      this.#sign('=', "a '=' is missing between the name of a setting and its value");
      members.push({ name, place, value: this.#value() });
      if (this.#tokens[this.#at]?.text === ')') return members;
      this.#sign(',', "a ',' is missing in front of this, or a ' inside a text is not written ''");
    }
  }

  #value(): Value {
    const token = this.#tokens[this.#at];
    const place = this.#place();
    if (token?.type === 'text') {
      this.#at += 1;
      return { kind: 'text', text: this.#quoted(token), ...place };
    }
    if (token?.type === 'variable') {
      this.#at += 1;
      return { kind: 'variable', ...place };
    }
    if (token?.type === 'word' && Object.hasOwn(WORDS, token.text)) {
      this.#at += 1;
      return { kind: 'scalar', value: WORDS[token.text] ?? null, ...place };
    }
    if (token?.text === '-') this.#at += 1;
    const number = this.#tokens[this.#at];
    if (number?.type !== 'number')
      this.#fail('a value is missing here: a text in single quotes, a number, TRUE, FALSE or NULL');
    this.#at += 1;
    const end = number?.end ?? place.end;
    const text = this.#file.slice(place.start, end).replace(/\s/g, '');
    const value = Number(text);
    const isExact = Number.isSafeInteger(value) && String(value) === text;
    return { kind: 'scalar', value: isExact ? value : text, start: place.start, end };
  }

  #isWord(offset: number, word: string): boolean {
    const token = this.#tokens[this.#at + offset];
    return token?.type === 'word' && token.text === word;
  }

  #sign(sign: string, text: string): void {
    const token = this.#tokens[this.#at];
    if (token?.type !== 'sign' || token.text !== sign) this.#fail(text);
    this.#at += 1;
  }

  #place(): Place {
    const { start, end } = this.#tokens[this.#at] ?? this.#end();
    return { start, end };
  }

  #end(): Place {
    const end = this.#tokens.at(-1)?.end ?? 0;
    return { start: end, end };
  }

  #fail(text: string, hint?: string): never {
    throw new Stop({ ...this.#place(), text, ...(hint !== undefined && { hint }) });
  }
}

/** Where the quote that ends a name is missing, it goes on to the next one, and holds settings and values. */
const SWALLOWS = /[=,(]\s*'|'\s*[=,)]/;

const BEHIND_NAME =
  "behind the name of the connector WITH is expected: a name with other signs than letters, digits and '_' stands in backticks";

const WORDS: Readonly<Record<string, boolean | null>> = { TRUE: true, FALSE: false, NULL: null };
