// The audit trail as a chain of lines: each has a number, the hash of the line before, and a MAC, so that whoever
// lacks the audit key can change, drop, move, repeat or insert no line unseen. Lines cut off at the end cannot be seen
// from inside: the newest commit names the last line.
import type { KeyObject } from 'node:crypto';
import {
  canonicalJson,
  canonicalMembers,
  joinMembers,
  type JsonValue,
  withMember,
} from '../domain/canonical-json.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import { parseBase64, utf8 } from './bytes.ts';
import { equalTexts, hmacSha256, secretKey, sha256 } from './primitives.ts';

type JsonObject = { readonly [name: string]: JsonValue | undefined };

/** A line taken apart. Nothing of it is proven. */
export interface ChainLine {
  chain: string;
  /** 1, 2, 3 … */
  seq: number;
  /** Hash of the line before, 64 zeros for the first. */
  prev: string;
  /** base64. */
  mac: string;
  event: { [name: string]: JsonValue };
}

/** What the next line needs to know of the last one. */
interface ChainEnd {
  line: string;
  chain: string;
  seq: number;
}

/** Makes and checks lines. It opens no secret, so an auditor can hold it; who holds it can also forge lines. */
export class AuditKey {
  readonly #key: KeyObject;
  #made: ChainEnd | undefined;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  static fromBytes(bytes: Uint8Array): AuditKey {
    if (bytes.length !== 32) throw new RangeError('an audit key is 32 bytes');
    return new AuditKey(secretKey(bytes));
  }

  /** base64 of 32 bytes. */
  mac(text: string): string {
    return hmacSha256(this.#key, utf8(text));
  }

  /** The end of a chain behind the line that was made last with this key: neither its MAC nor its text is gone over again. */
  madeLast(line: string): ChainEnd | undefined {
    return this.#made?.line === line ? this.#made : undefined;
  }

  remember(end: ChainEnd): void {
    this.#made = end;
  }

  toString(): string {
    return '[audit key]';
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The event as the line after `lastLine`, or as the first line of `newChain`. Throws where `lastLine` is no line. */
export function nextLine(
  key: AuditKey,
  lastLine: string | undefined,
  newChain: string,
  event: JsonObject,
): string {
  for (const name of LINKS) {
    if (Object.hasOwn(event, name)) throw new TypeError(`an event has no member '${name}'`);
  }
  const last = lastLine === undefined ? undefined : endOf(key, lastLine);
  const chain = last?.chain ?? newChain;
  const seq = (last?.seq ?? 0) + 1;
  const prev = last === undefined ? FIRST_PREV : lineHash(last.line);
  const body = canonicalMembers({ ...event, chain, seq, prev });
  const mac = key.mac(joinMembers(body));
  const line = joinMembers(withMember(body, 'mac', mac));
  key.remember({ line, chain, seq });
  return line;
}

/** Hex SHA-256 of the line without its line end. */
export function lineHash(line: string): string {
  return sha256(utf8(line)).toString('hex');
}

/** Takes a line apart; the problem is a clause. Only the one canonical text of a line is one. */
export function readLine(line: string): Result<ChainLine, string> {
  const value = parseCanonical(line);
  if (value === undefined) return refused('is not a JSON object in canonical form');
  const { chain, seq, prev, mac, ...event } = value;
  if (typeof chain !== 'string' || chain === '') return refused('names no chain');
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1)
    return refused('has no number');
  if (typeof prev !== 'string' || !/^[0-9a-f]{64}$/.test(prev))
    return refused('has no hash of the line before');
  if (typeof mac !== 'string' || parseBase64(mac, 32) === undefined) return refused('has no MAC');
  return ok({ chain, seq, prev, mac, event });
}

/** Takes a line apart that was written with this key; where it stands is not looked at. The problem is a clause. */
export function readWritten(key: AuditKey, line: string): Result<ChainLine, string> {
  const read = readLine(line);
  if (!read.ok || isWrittenWith(key, read.value)) return read;
  return refused('was changed, or was not written with this audit key');
}

export function isAuthenticLine(key: AuditKey, line: string): boolean {
  return key.madeLast(line) !== undefined || readWritten(key, line).ok;
}

/**
 * Follows one chain from its first line on, line by line. Behind a gap it goes on, so that each place is told once; a line
 * with a number that was there before, and one of nobody who has the key, change nothing.
 */
export class ChainVerifier {
  readonly #key: AuditKey;
  readonly #mayBeginLater: boolean;
  #chain: string | undefined;
  #seq = 0;
  #lastHash = FIRST_PREV;

  /** With `mayBeginLater` the first line that is given may have any number: the ones before were removed with the years. */
  constructor(key: AuditKey, { mayBeginLater = false }: { mayBeginLater?: boolean } = {}) {
    this.#key = key;
    this.#mayBeginLater = mayBeginLater;
  }

  /** The number of the last line that was gone on behind, 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** Its hash, 64 zeros before the first. */
  get lastHash(): string {
    return this.#lastHash;
  }

  /** The reason why this line does not fit as the next one: a clause about it. */
  check(line: string): string | undefined {
    const read = readWritten(this.#key, line);
    return read.ok ? this.follow(read.value, line) : read.problem;
  }

  /** The same of a line that was taken apart and was written with the key. */
  follow(link: ChainLine, line: string): string | undefined {
    const reason = this.#misfit(link);
    const isLater = link.chain !== this.#chain || link.seq > this.#seq;
    if (reason === undefined || isLater) {
      this.#chain = link.chain;
      this.#seq = link.seq;
      this.#lastHash = lineHash(line);
    }
    return reason;
  }

  #misfit(link: ChainLine): string | undefined {
    if (this.#chain === undefined && this.#mayBeginLater) return undefined;
    if (this.#chain !== undefined && link.chain !== this.#chain) return 'belongs to another chain';
    const wanted = this.#seq + 1;
    if (link.seq < wanted)
      return `has number ${link.seq} where ${wanted} comes next: it is repeated or was moved`;
    if (link.seq > wanted)
      return `has number ${link.seq} where ${wanted} comes next: lines are missing or were moved`;
    if (link.prev !== this.#lastHash)
      return 'does not follow the line before it, which was replaced';
    return undefined;
  }
}

/** The members that the chain adds to an event (CloudEvents 1.0 extension attributes). */
const LINKS = ['chain', 'seq', 'prev', 'mac'] as const;
const FIRST_PREV = '0'.repeat(64);

function isWrittenWith(key: AuditKey, { mac, event, ...link }: ChainLine): boolean {
  return equalTexts(mac, key.mac(canonicalJson({ ...event, ...link })));
}

function endOf(key: AuditKey, line: string): ChainEnd {
  const made = key.madeLast(line);
  if (made !== undefined) return made;
  const read = readLine(line);
  if (!read.ok) throw new TypeError(`the chain cannot go on: its last line ${read.problem}`);
  return { line, chain: read.value.chain, seq: read.value.seq };
}

/** canonicalJson throws for numbers beyond JSON's (1e999) and for a nesting deeper than the stack. */
function parseCanonical(line: string): { [name: string]: JsonValue } | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return canonicalJson(value) === line ? (value as { [name: string]: JsonValue }) : undefined;
  } catch {
    return undefined;
  }
}
