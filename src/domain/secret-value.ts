// The text of a secret, wrapped so that no message, log, JSON or inspection can show it by accident.
import { ok, type Result, refused } from './result.ts';
import { textOfUtf8 } from './utf8.ts';

/** Longest value, in bytes of UTF-8. */
export const MAX_VALUE_BYTES = 256 * 1024;

export type ValueProblem =
  | 'value-empty'
  | 'value-looks-masked'
  | 'value-too-large'
  | 'value-not-utf8';

export class SecretValue {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Wraps text that is known to be a stored value. New values come through `parseSecretValue`. */
  static of(text: string): SecretValue {
    return new SecretValue(text);
  }

  /** The only way to the text. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/**
 * A value as someone hands it in: bytes (refused unless UTF-8) or text. Empty and mask-like values are
 * refused unless forced: they are what a UI or a forgotten variable writes over a real password.
 */
export function parseSecretValue(
  input: Uint8Array | string,
  options: { force?: boolean } = {},
): Result<SecretValue, ValueProblem> {
  const text = typeof input === 'string' ? wellFormed(input) : textOfUtf8(input);
  if (text === undefined) return refused('value-not-utf8');
  if (utf8Length(text) > MAX_VALUE_BYTES) return refused('value-too-large');
  if (!options.force) {
    if (text === '') return refused('value-empty');
    if (looksMasked(text)) return refused('value-looks-masked');
  }
  return ok(SecretValue.of(text));
}

/** Whether such a value is taken where it is forced. */
export function isTakenByForce(problem: ValueProblem): boolean {
  return problem === 'value-empty' || problem === 'value-looks-masked';
}

function wellFormed(text: string): string | undefined {
  return text.isWellFormed() ? text : undefined;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The bullet stands as an escape: one character beyond Latin-1 would make all of the bundle two bytes a character. */
const MASKS =
  /^(?:\*{3,}|\u2022{3,}|x{6,}|\[(?:hidden|secret|redacted|masked)\]|<(?:hidden|secret|redacted|masked)>)$/i;

/** True for what masks and unresolved references look like: `******`, `[hidden]`, `<redacted>`, `${…}`. */
function looksMasked(text: string): boolean {
  const trimmed = text.trim();
  return MASKS.test(trimmed) || (trimmed.startsWith('${') && trimmed.endsWith('}'));
}
