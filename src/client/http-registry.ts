// The registry over REST: each call is one request to a server, which does what the local one does.
import type { ReadEvent } from '../domain/audit-event.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type {
  AuditFilter,
  FitAnswer,
  FitQuestion,
  Following,
  KeyInfo,
  Metadata,
  MetadataChanges,
  Registry,
  SecretVersion,
  Target,
  VersionInfo,
  Write,
} from '../domain/registry.ts';
import type { Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import { BODY_LIMIT, WRITES_LIMIT } from '../rest/limits.ts';
import { keyUrl, pathUrl, versionUrl } from '../rest/url.ts';
import { PATHS, targetUrl, withQuery } from './addresses.ts';
import { list, object, text } from '../exchange/shapes.ts';
import * as answers from './answers.ts';
import type { Ask, Connection } from './connection.ts';
import { parseRefusal, refused } from './refusals.ts';

/** A server may take this long for a hundred thousand secrets at once. */
const WRITES_DEADLINE_MS = 300_000;
/** A server takes at most this many in one request. */
const MOST_QUESTIONS = 1000;
/** Servers and proxies take request lines of at least 8 KiB. */
const LONGEST_QUERY = 4096;

export class HttpRegistry implements Registry {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  read(path: SecretPath, key: SecretKey, version: Version | 'latest'): Promise<SecretVersion> {
    return this.#connection.ask(
      {
        method: 'GET',
        path: versionUrl(path, key, version),
        about: { path, key, ...(version !== 'latest' && { version }) },
      },
      answers.secretVersion,
    );
  }

  readKey(path: SecretPath, key: SecretKey): Promise<SecretVersion[]> {
    return this.#connection.ask(
      { method: 'GET', path: keyUrl(path, key), about: { path, key } },
      list(answers.secretVersion),
    );
  }

  async readPath(path: SecretPath, keys?: readonly SecretKey[]): Promise<SecretVersion[]> {
    const found: SecretVersion[] = [];
    for (const part of keys === undefined ? [undefined] : inQueries(keys)) {
      const query = part?.map((key) => ['key', key] as const) ?? [];
      found.push(
        ...(await this.#connection.ask(
          { method: 'GET', path: withQuery(pathUrl(path), query), about: { path } },
          list(answers.secretVersion),
        )),
      );
    }
    return found;
  }

  async checkValues(path: SecretPath, questions: readonly FitQuestion[]): Promise<FitAnswer[]> {
    const found: FitAnswer[] = [];
    for (let from = 0; from < questions.length; from += MOST_QUESTIONS)
      found.push(
        ...(await this.#connection.ask(
          {
            method: 'POST',
            path: `${pathUrl(path)}/checks`,
            body: { questions: questions.slice(from, from + MOST_QUESTIONS) },
            about: { path },
          },
          list(answers.fit),
        )),
      );
    return found;
  }

  paths(options: { deleted?: boolean } = {}): Promise<SecretPath[]> {
    return this.#connection.ask(
      { method: 'GET', path: withQuery(PATHS, deletedToo(options)) },
      list(answers.path),
    );
  }

  listPaths(options: { deleted?: boolean } = {}): Promise<KeyInfo[]> {
    return this.#connection.ask(
      { method: 'GET', path: withQuery(PATHS, [...expanded, ...deletedToo(options)]) },
      list(answers.keyInfo),
    );
  }

  listKeys(path: SecretPath, options: { deleted?: boolean } = {}): Promise<KeyInfo[]> {
    const query = [...expanded, ...deletedToo(options)];
    return this.#connection.ask(
      { method: 'GET', path: withQuery(`${pathUrl(path)}/keys`, query), about: { path } },
      list(answers.keyInfo),
    );
  }

  listVersions(
    path: SecretPath,
    key: SecretKey,
    options: { deleted?: boolean } = {},
  ): Promise<KeyInfo> {
    const query = [...expanded, ...deletedToo(options)];
    return this.#connection.ask(
      {
        method: 'GET',
        path: withQuery(`${keyUrl(path, key)}/versions`, query),
        about: { path, key },
      },
      answers.keyInfo,
    );
  }

  /** With `force`: values were checked when they came in, so an empty or mask-like one is meant. */
  async write(writes: readonly Write[]): Promise<VersionInfo[]> {
    const [first, another] = writes;
    if (first === undefined) return [];
    // JSON can make a value full of control characters longer than the body of an ordinary request may be.
    const isOrdinary = JSON.stringify(first.value.reveal()).length < BODY_LIMIT / 2;
    if (another === undefined && isOrdinary) return [await this.#writeOne(first)];
    const body = {
      writes: writes.map(({ path, key, value, onlyOver }) => ({
        path,
        key,
        secret: value.reveal(),
        ...(onlyOver !== undefined && { onlyOver }),
      })),
    };
    const isOfOnePath = writes.every(({ path }) => path === first.path);
    return this.#connection.ask(
      {
        method: 'POST',
        path: '/secret/writes?force=true',
        body,
        largestBody: WRITES_LIMIT,
        deadlineMs: WRITES_DEADLINE_MS,
        about: isOfOnePath ? { path: first.path } : {},
      },
      list(answers.written),
    );
  }

  delete(target: Target, options: { permanent?: boolean } = {}): Promise<VersionInfo[]> {
    const permanent = options.permanent ? ([['permanent', 'true']] as const) : [];
    return this.#connection.ask(
      {
        method: 'DELETE',
        path: withQuery(targetUrl(target), [...expanded, ...permanent]),
        about: target,
      },
      list(answers.versionInfo),
    );
  }

  restore(target: Target): Promise<VersionInfo[]> {
    return this.#connection.ask(
      { method: 'POST', path: `${targetUrl(target)}/restore`, about: target },
      list(answers.versionInfo),
    );
  }

  metadata(path: SecretPath, key: SecretKey): Promise<Metadata> {
    return this.#connection.ask(
      { method: 'GET', path: `${keyUrl(path, key)}/metadata`, about: { path, key } },
      answers.metadata,
    );
  }

  setMetadata(path: SecretPath, key: SecretKey, changes: MetadataChanges): Promise<Metadata> {
    return this.#connection.ask(
      {
        method: 'PATCH',
        path: `${keyUrl(path, key)}/metadata`,
        body: changes,
        about: { path, key },
      },
      answers.metadata,
    );
  }

  async *audit(
    filter: AuditFilter = {},
    tell: (note: string) => void = () => undefined,
    following?: Following,
  ): AsyncIterable<ReadEvent> {
    const query = Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)] as const);
    const path = withQuery('/audit', following ? [...query, ['follow', 'true']] : query);
    const until = following?.until;
    const ask: Ask = { method: 'GET', path, ...(until && { until }) };
    // Before the server has answered: it answers only a caller who may, and anybody else gets its error below.
    following?.begun?.();
    for await (const line of this.#connection.lines(ask, eventOrNote)) {
      if (typeof line === 'string') tell(line);
      else yield line;
    }
    if (until === undefined || until.aborted) return;
    const reason = 'it has ended what it was telling, as when it stops';
    throw new SecretregError('store-unavailable', { place: this.#connection.place, reason });
  }

  async #writeOne({ path, key, value, onlyOver }: Write): Promise<VersionInfo> {
    return this.#connection.ask(
      {
        method: 'POST',
        path: `${keyUrl(path, key)}/versions?force=true`,
        body: { secret: value.reveal() },
        headers:
          onlyOver === undefined
            ? {}
            : onlyOver === 'none'
              ? { 'if-none-match': '*' }
              : { 'if-match': `"${onlyOver}"` },
        about: { path, key },
      },
      answers.written,
    );
  }
}

const expanded = [['expand', 'versions']] as const;

function deletedToo({ deleted }: { deleted?: boolean }): readonly (readonly [string, string])[] {
  return deleted ? [['deleted', 'true']] : [];
}

/** The keys, cut into parts that fit into an address. They are sorted, so that the answers one after another are sorted too. */
function inQueries(keys: readonly SecretKey[]): SecretKey[][] {
  const parts: SecretKey[][] = [];
  let room = 0;
  for (const key of [...new Set(keys)].sort()) {
    const length = encodeURIComponent(key).length + '&key='.length;
    if (length > room) {
      parts.push([]);
      room = LONGEST_QUERY;
    }
    parts.at(-1)?.push(key);
    room -= length;
  }
  return parts;
}

const NOTE = 'secretreg/note';
const ERROR = 'secretreg/error';

/** An event, or the text of a note. Fails with the error that ends a trail: the status was sent long before. */
function eventOrNote(value: unknown): ReadEvent | string {
  const { type } = object({ type: text })(value);
  if (type === NOTE) return object({ text: text })(value).text;
  const refusal = type === ERROR ? parseRefusal(value) : undefined;
  if (refusal !== undefined) throw refused(refusal, {});
  return answers.event(value);
}
