// Files of variables, one `NAME=value` or `NAME='value'` a statement. There is no standard, and readers disagree on what
// quotes, `#`, `$` and `\` mean; what is read here is what Node's own parser, npm's dotenv and Docker Compose read alike, and
// what is written is read alike by Node and by `set -a; . FILE` of bash. All else is refused, for each reader would make
// another password of it. The values are read by Node's parser; it passes over what it does not understand, so each
// statement is looked at first.
import { parseEnv } from 'node:util';
import { matchAt } from '../../domain/matching.ts';
import { tellsWhatRuns } from '../telling-variables.ts';
import type { Entry, Refuse, SecretTable } from './entry.ts';

/** Fails as `refuse` says. */
export function entriesOfDotenv(text: string, refuse: Refuse): Entry[] {
  const lone = text.search(/\r(?!\n)/);
  if (lone !== -1) throw refuse('a carriage return stands here without a line feed', lone);
  const entries: Entry[] = [];
  let at = 0;
  while (at < text.length) {
    const nothing = matchAt(NOTHING, text, at);
    if (nothing !== undefined) {
      at += nothing[0].length;
      continue;
    }
    const statement = matchAt(STATEMENT, text, at);
    if (statement === undefined) throw refuse(...faultAt(text, at));
    const [whole, key = '', single, double] = statement;
    if (single?.endsWith('\\') === true) throw refuse(ENDS_WITH_ESCAPE, at);
    if (double !== undefined && /\$|\\(?!n)/.test(double)) throw refuse(IN_DOUBLE, at, IN_SINGLE);
    const value = parseEnv(whole)[key];
    if (value === undefined) throw refuse('the statement cannot be read', at);
    entries.push({ path: undefined, key, value, at });
    at += whole.length;
  }
  return entries;
}

const NOTHING = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const STATEMENT =
  /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=(?:[ \t]*(?:'([^']*)'|"([^"]*)"|[^\s#'"`$\\](?:[^\n#'"`$\\]*[^\s#'"`$\\])?))?(?:[ \t]+#[^\n]*|[ \t]*)(?:\r?\n|$)/y;

const IN_SINGLE = "put the value in single quotes: NAME='value'";
const ENDS_WITH_ESCAPE =
  "the value ends with '\\' in front of its quote, which some readers take for an escape of the quote";
const IN_DOUBLE =
  "'$', or a '\\' other than that of '\\n', stands in double quotes, and readers of such files disagree on what it means";

/** What is wrong with a line, and where. No text of the line is shown: it may be a password. */
function faultAt(text: string, at: number): [reason: string, at: number, hint?: string] {
  const line = text.slice(at, lineEnd(text, at));
  const behind = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*/.exec(line)?.[0];
  if (behind === undefined)
    return [
      'this line is neither a comment nor NAME=value',
      at,
      'a name has letters, digits, _, . and -',
    ];
  const first = line[behind.length] ?? '';
  if ((first === "'" || first === '"') && text.indexOf(first, at + behind.length + 1) === -1)
    return [`the ${first} that opens the value is never closed`, at];
  if (first === "'" || first === '"')
    return ['something follows the closing quote of the value that is no comment', at];
  return [
    "a quote, '#', '$', '`' or '\\' stands in a value without quotes, and readers of such files disagree on what it means",
    at,
    IN_SINGLE,
  ];
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

export function dotenvText(table: SecretTable): string {
  return [...table.values()]
    .flatMap((keys) => [...keys].map(([key, value]) => `${key}=${written(value)}\n`))
    .join('');
}

/** Without quotes where all readers agree, so that `docker run --env-file` and systemd read it too. */
function written(value: string): string {
  if (/^[\w.,/@%+:=-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

/** Variables that bash lets nobody set. */
const READONLY = /^(?:BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$/;

const UNFIT: readonly (readonly [RegExp, string])[] = [
  [/\0/, 'it holds a NUL character, which no variable can'],
  [/\r/, 'it holds a carriage return, which Node leaves out'],
  [
    /^(?=[^]*')(?=[^]*["$`\\])/,
    "it holds a single quote beside one of '\"', '$', '`' and '\\', and no quotes are read alike that hold both",
  ],
  [/\\$/, "it ends with '\\', which some readers take for an escape of the quote behind it"],
];

/** What Node and bash would not both read from such a file, or what would change what they run: clauses with the names. */
export function dotenvProblems(table: SecretTable): string[] {
  return [...table].flatMap(([path, keys]) =>
    [...keys].flatMap(([key, value]) => {
      const name = `'${path}:${key}'`;
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
        return [`${name} cannot be a variable: its name takes letters, digits and '_'`];
      if (READONLY.test(key)) return [`${name} cannot be a variable: bash lets nobody set it`];
      if (tellsWhatRuns(key))
        return [`${name} cannot be a variable: ${key} decides what a command is or loads`];
      const found = UNFIT.find(([pattern]) => pattern.test(value));
      return found === undefined ? [] : [`the value of ${name}: ${found[1]}`];
    }),
  );
}
