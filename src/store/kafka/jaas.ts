// A login configuration, `Module required name="value" …;`, in the grammar of Kafka's JaasConfig, which is that of a Java
// StreamTokenizer. Stricter than Kafka: what it takes without a word (a backslash that vanishes, an option that stands there
// twice) or refuses without a place is refused here with the place and what would be right. No fault shows any of the text, for
// with a quote in the wrong place a part of a password reads as a name.
import { matchAt } from '../../domain/matching.ts';
import { ok, refused, type Result } from '../../domain/result.ts';

export interface JaasEntry {
  /** The full name of a Java class. */
  module: string;
  options: ReadonlyMap<string, string>;
}

export interface JaasFault {
  /** Counted from 1. */
  character: number;
  reason: string;
}

/** One entry, which is what Kafka takes for a client. */
export function parseJaas(text: string): Result<JaasEntry, JaasFault> {
  try {
    return ok(entryOf(new Scanner(text)));
  } catch (error) {
    if (error instanceof Fault) return refused({ character: error.at + 1, reason: error.message });
    throw error;
  }
}

class Fault extends Error {
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

const FLAGS = /^(required|requisite|sufficient|optional)$/i;

function entryOf(scan: Scanner): JaasEntry {
  const module = scan.word(
    'the class of a login module, such as org.apache.kafka.common.security.plain.PlainLoginModule',
  );
  const flagAt = scan.next();
  if (!FLAGS.test(scan.word("the control flag 'required'")))
    throw new Fault(flagAt, "behind the login module comes the control flag 'required'");
  const options = new Map<string, string>();
  for (let at = scan.next(); !scan.skip(';'); at = scan.next()) {
    const name = scan.word('an option such as username="…", or \';\' at the end');
    if (options.has(name)) throw new Fault(at, 'this option stands there twice');
    scan.next();
    if (!scan.skip('=')) throw new Fault(scan.at, "behind the name of an option comes '='");
    scan.next();
    options.set(name, scan.value());
  }
  const rest = scan.next();
  if (!scan.isAtEnd())
    throw new Fault(
      rest,
      "nothing comes behind ';': there is one login module, and a ';' in a value stands in quotes",
    );
  return { module, options };
}

/** What Java's StreamTokenizer puts in for a letter behind a backslash; all others stand for themselves. */
const ESCAPES: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\u000b',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.at === this.#text.length;
  }

  /** Skips spaces and comments, and gives the place behind them. */
  next(): number {
    this.at += this.#match(/(?:\s|\/\/[^\n\r]*|\/\*[^]*?\*\/)*/y).length;
    return this.at;
  }

  skip(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  word(expected: string): string {
    this.next();
    const word = this.#match(/[A-Za-z_$\u0080-\uffff][\w.$\u0080-\uffff-]*/y);
    if (word === '')
      throw new Fault(
        this.at,
        this.isAtEnd() ? `it ends where there should be ${expected}` : `here should be ${expected}`,
      );
    this.at += word.length;
    return word;
  }

  value(): string {
    const quote = this.#text[this.at];
    if (quote === '"' || quote === "'") return this.#quoted(quote);
    const value = this.word('a value in double quotes');
    this.#requireEndOfValue();
    return value;
  }

  #quoted(quote: string): string {
    const begin = this.at;
    this.at += 1;
    let value = '';
    while (!this.skip(quote)) {
      if (this.isAtEnd())
        throw new Fault(
          begin,
          'this quote is not closed; a quote inside of a value has a backslash in front',
        );
      value += this.skip('\\') ? this.#escaped() : this.#plain();
    }
    this.#requireEndOfValue();
    return value;
  }

  #plain(): string {
    const character = this.#text[this.at] ?? '';
    if (character === '\n' || character === '\r')
      throw new Fault(this.at, 'a value in quotes does not go over the end of a line');
    this.at += 1;
    return character;
  }

  #escaped(): string {
    const octal = this.#match(/[0-3][0-7]{0,2}|[4-7][0-7]?/y);
    if (octal !== '') {
      this.at += octal.length;
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    const character = ESCAPES[this.#text[this.at] ?? ''];
    if (character === undefined)
      throw new Fault(
        this.at - 1,
        'Kafka would drop this backslash; one that is meant is written twice (in a properties file, four times)',
      );
    this.at += 1;
    return character;
  }

  #requireEndOfValue(): void {
    if (!this.isAtEnd() && this.#match(/[\s;/]/y) === '')
      throw new Fault(
        this.at,
        "behind a value comes a space or ';'; a quote inside of a value has a backslash in front",
      );
  }

  #match(pattern: RegExp): string {
    return matchAt(pattern, this.#text, this.at)?.[0] ?? '';
  }
}
