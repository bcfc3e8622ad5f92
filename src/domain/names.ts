// The names of secrets: a path (the connector's name) and a key. Parsed once at the border; inside, a
// SecretPath or SecretKey cannot be wrong. Matched by code point, case counts, nothing is trimmed.
import { characterProblem, codePoints } from './plain-text.ts';
import { ok, type Result, refused } from './result.ts';

declare const brand: unique symbol;
/** The path of a secret: the name of the connector that owns it. */
export type SecretPath = string & { readonly [brand]: 'SecretPath' };
/** The key of a secret inside its path, such as `password`. */
export type SecretKey = string & { readonly [brand]: 'SecretKey' };

/** Longest name, in Unicode code points. */
const MAX_CODE_POINTS = 255;

/** Parses a path; the problem is a clause that follows the name, such as `is empty`. */
export function parsePath(text: string): Result<SecretPath, string> {
  const problem = nameProblem(text);
  return problem === undefined ? ok(text as SecretPath) : refused(problem);
}

/** Parses a key: a name that begins with a letter a–z or A–Z (the rule of Confluent's Secret Registry). */
export function parseKey(text: string): Result<SecretKey, string> {
  const problem = nameProblem(text);
  if (problem !== undefined) return refused(problem);
  if (!/^[A-Za-z]/.test(text)) return refused('does not begin with a letter a-z or A-Z');
  return ok(text as SecretKey);
}

/** A secret as references have it, `orders:password`: no name holds a colon. */
export function secretName({ path, key }: { path: string; key: string }): string {
  return `${path}:${key}`;
}

/** Nearly every name: none of what follows can be wrong with it. */
const PLAIN_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$/;

function nameProblem(text: string): string | undefined {
  if (PLAIN_NAME.test(text)) return undefined;
  if (text === '') return 'is empty';
  if (!text.isWellFormed()) return 'holds half of a surrogate pair';
  const length = codePoints(text);
  if (length > MAX_CODE_POINTS) return `is ${length} characters long, ${MAX_CODE_POINTS} at most`;
  if (text === '.' || text === '..' || text === '*') return 'is a reserved name';
  for (const character of text) {
    const problem = nameCharacterProblem(character);
    if (problem !== undefined) return problem;
  }
  if (text.trim() !== text) return 'begins or ends with white space';
  if (text.normalize('NFC') !== text) return 'is not in Unicode form NFC';
  return undefined;
}

/** `:` ends a part of a reference, `{` and `}` open and close one: such a name could never be referred to. */
function nameCharacterProblem(character: string): string | undefined {
  if (':{}\\'.includes(character)) return `holds '${character}', which a reference cannot carry`;
  return characterProblem(character);
}
