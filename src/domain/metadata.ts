// What people may note of a key, as they hand it in. It is free text that others read on a terminal or in a page: of one
// line, without characters that nobody sees. A problem never shows the text itself, which may be a value in the wrong place.
import { characterProblem, codePoints } from './plain-text.ts';
import type { Metadata, MetadataChanges } from './registry.ts';
import { ok, type Result, refused } from './result.ts';
import { parseTime } from './time.ts';
import { visible } from './visible.ts';

/** Longest texts, in Unicode code points. */
const MAX_DESCRIPTION = 1024;
const MAX_OWNER = 255;
const MAX_TAG = 64;
const MAX_TAGS = 32;
const MAX_ROTATE_EVERY_DAYS = 3650;

/** Parses a JSON merge patch (RFC 7396) of metadata; the problem is a clause that says which member. An empty list of tags takes them away. */
export function parseMetadataChanges(input: object): Result<MetadataChanges, string> {
  const changes: MetadataChanges = {};
  for (const [name, value] of Object.entries(input) as [string, unknown][]) {
    const parse = MEMBERS.get(name);
    if (parse === undefined) return refused(`there is no '${shortened(name)}' in it, but ${NAMES}`);
    if (value === undefined) continue;
    const parsed = value === null ? ok(null) : parse(value);
    if (!parsed.ok) return refused(`its ${name} ${parsed.problem}`);
    Object.assign(changes, { [name]: parsed.value });
  }
  return ok(changes);
}

type Parse<T> = (value: unknown) => Result<T | null, string>;

const TABLE: { readonly [N in keyof Metadata]-?: Parse<NonNullable<Metadata[N]>> } = {
  description: parseDescription,
  owner: (value) => parseText(value, MAX_OWNER),
  tags: parseTags,
  expiresAt: parseExpiresAt,
  rotateEveryDays: parseRotateEveryDays,
};
const MEMBERS: ReadonlyMap<string, Parse<unknown>> = new Map(Object.entries(TABLE));
const NAMES = [...MEMBERS.keys()].join(', ').replace(/, (?=[^,]*$)/, ' and ');

/** Of a key or a token: one line. The problem is a clause. */
export function parseDescription(value: unknown): Result<string, string> {
  return parseText(value, MAX_DESCRIPTION);
}

function parseText(value: unknown, most: number): Result<string, string> {
  if (typeof value !== 'string') return refused('is not text');
  if (value === '') return refused('is empty');
  if (!value.isWellFormed()) return refused('holds half of a surrogate pair');
  // Counted only where it may be too long: a text of 1 MiB is not walked through to be told so.
  const length = value.length > most * 2 ? value.length : codePoints(value);
  if (length > most) return refused(`is longer than ${most} characters`);
  for (const character of value) {
    const problem = characterProblem(character);
    if (problem !== undefined) return refused(problem);
  }
  return value.trim() === value ? ok(value) : refused('begins or ends with white space');
}

function parseTags(value: unknown): Result<string[] | null, string> {
  if (!Array.isArray(value)) return refused('are not a list');
  const tags = new Set<string>();
  for (const one of value as unknown[]) {
    const tag = parseText(one, MAX_TAG);
    if (!tag.ok) return refused(`have one that ${tag.problem}`);
    // The command line and its listings put commas between them.
    if (tag.value.includes(',')) return refused('have one that holds a comma');
    tags.add(tag.value);
    if (tags.size > MAX_TAGS) return refused(`are more than ${MAX_TAGS}`);
  }
  return ok(tags.size === 0 ? null : [...tags]);
}

function parseExpiresAt(value: unknown): Result<string, string> {
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time !== undefined) return ok(time);
  return refused('is no time as RFC 3339 has them, such as 2027-01-31T00:00:00Z');
}

function parseRotateEveryDays(value: unknown): Result<number, string> {
  if (
    Number.isInteger(value) &&
    (value as number) >= 1 &&
    (value as number) <= MAX_ROTATE_EVERY_DAYS
  )
    return ok(value as number);
  return refused(`is no whole number from 1 to ${MAX_ROTATE_EVERY_DAYS}`);
}

function shortened(name: string): string {
  return visible(name.length > 40 ? `${name.slice(0, 40).toWellFormed()}…` : name);
}
