// The names of a registry in a file, for those who have no network or no right to ask it: names, versions, states and when they
// are due, never a value, and nothing of people. JSON with one secret a line, so that a repository shows what changed. Unknown
// members are passed over: a later version may have more of them.
import { isObject, type JsonObject } from '../documents/plain-value.ts';
import { escapedJson } from '../domain/escaped-json.ts';
import { parseKey, parsePath } from '../domain/names.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import { parseTime } from '../domain/time.ts';
import type { KeyFact, KeyFacts } from './existence.ts';

export interface Manifest {
  /** When it was made: RFC 3339 in UTC with milliseconds. */
  madeAt: string;
  /** Which registry it is of: 32 hexadecimal digits. */
  registry: string;
  /** False where the names were read without the key. */
  authenticated: boolean;
  /** The only paths that were asked for; absent where all were. */
  paths?: readonly string[];
  facts: KeyFacts;
}

const FORMAT = 'secretreg-manifest';
const FORMAT_VERSION = 1;

export function manifestText({ facts, ...about }: Manifest): string {
  const rows = [...facts].flatMap(([path, keys]) =>
    [...keys].map(([key, fact]) => escapedJson(rowOf(path, key, fact))),
  );
  const head = escapedJson({ format: FORMAT, formatVersion: FORMAT_VERSION, ...about }, 2);
  const secrets = rows.map((row) => `\n    ${row}`).join(',');
  return `${head.slice(0, -2)},\n  "secrets": [${secrets}${rows.length === 0 ? '' : '\n  '}]\n}\n`;
}

/** Each member of a fact is named here, so that a new one is not published by accident. */
function rowOf(path: string, key: string, fact: KeyFact): object {
  const { state, version } = fact;
  if (fact.state === 'deleted') return { path, key, state, version, deletedAt: fact.at };
  const { expiresAt, rotationAt } = fact;
  return { path, key, state, version, expiresAt, rotationAt };
}

/** True for a manifest of any version, damaged or not. */
export function isManifest(text: string): boolean {
  const it = parsed(text);
  return isObject(it) && it['format'] === FORMAT;
}

/** The problem is a clause about the file, and quotes nothing of it: what is no manifest may hold values. */
export function parseManifest(text: string): Result<Manifest, string> {
  const it = parsed(text);
  if (it === undefined) return refused('it is not JSON');
  if (!isObject(it) || it['format'] !== FORMAT) return refused('it is no manifest of secretreg');
  const { formatVersion, madeAt, registry, authenticated, paths, secrets } = it;
  if (formatVersion !== FORMAT_VERSION)
    return refused(`it has another format than ${FORMAT_VERSION}, which this secretreg knows`);
  const time = timeIn(madeAt);
  if (time === undefined) return refused('when it was made is not told as RFC 3339');
  if (typeof registry !== 'string' || !/^[0-9a-f]{32}$/.test(registry))
    return refused('which registry it is of is not told');
  if (typeof authenticated !== 'boolean') return refused("its 'authenticated' is no true or false");
  if (paths !== undefined && !isNames(paths)) return refused("its 'paths' is no list of paths");
  if (!Array.isArray(secrets)) return refused('it has no list of secrets');
  const facts = factsIn(secrets);
  if (!facts.ok) return facts;
  return ok({
    madeAt: time,
    registry,
    authenticated,
    facts: facts.value,
    ...(paths !== undefined && { paths }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((it) => typeof it === 'string' && parsePath(it).ok);
}

function factsIn(secrets: readonly unknown[]): Result<KeyFacts, string> {
  const facts = new Map<string, Map<string, KeyFact>>();
  for (const [at, secret] of secrets.entries()) {
    const row = rowIn(secret);
    if (!row.ok) return refused(`its secret number ${at + 1} ${row.problem}`);
    const { path, key, fact } = row.value;
    const own = facts.get(path) ?? new Map<string, KeyFact>();
    if (own.has(key)) return refused(`its secret number ${at + 1} is there twice`);
    facts.set(path, own.set(key, fact));
  }
  return ok(facts);
}

function rowIn(secret: unknown): Result<{ path: string; key: string; fact: KeyFact }, string> {
  if (!isObject(secret)) return refused('is no object');
  const path = parsePath(textIn(secret['path']));
  if (!path.ok) return refused(`has a path that ${path.problem}`);
  const key = parseKey(textIn(secret['key']));
  if (!key.ok) return refused(`has a key that ${key.problem}`);
  const fact = factIn(secret);
  return fact.ok ? ok({ path: path.value, key: key.value, fact: fact.value }) : fact;
}

function factIn({ state, version, ...rest }: JsonObject): Result<KeyFact, string> {
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    return refused('has no version that is a whole number from 1 on');
  const times = new Map<string, string>();
  for (const name of ['expiresAt', 'rotationAt', 'deletedAt']) {
    if (rest[name] === undefined) continue;
    const time = timeIn(rest[name]);
    if (time === undefined) return refused(`has a time in '${name}' that is not as RFC 3339`);
    times.set(name, time);
  }
  const known = { version: version as number };
  const at = times.get('deletedAt');
  if (state === 'deleted') return ok({ state, ...known, ...(at !== undefined && { at }) });
  if (state !== 'enabled') return refused("has a state that is neither 'enabled' nor 'deleted'");
  const expiresAt = times.get('expiresAt');
  const rotationAt = times.get('rotationAt');
  return ok({
    state,
    ...known,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(rotationAt !== undefined && { rotationAt }),
  });
}

function timeIn(value: unknown): string | undefined {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

/** An absent name is refused with the words for an empty one. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
