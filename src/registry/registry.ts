// The local registry: use cases over a store. Access, state, seal and audit meet here.
import { endOf } from '../crypto/expiry.ts';
import type { Caller, ReadEvent } from '../domain/audit-event.ts';
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
import { SecretValue } from '../domain/secret-value.ts';
import type { Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import { allowedBy, type Rights } from './authorize.ts';
import type { AuditSubject } from './audit-trail.ts';
import { destroy, hide, restore, setMetadata, write } from './changes.ts';
import type { Core } from './core.ts';
import type { Draft } from './draft.ts';
import {
  enabled,
  type Found,
  isThere,
  keyInfo,
  latest,
  metadataOf,
  requireKey,
  requireVersion,
  requireVisibleKey,
  visibleKeys,
} from './lookup.ts';
import { secretMeta } from './records.ts';
import type { KeyEntry } from './key-tree.ts';

/** The registry as one caller sees it. */
export function registryFor(core: Core, caller: Caller): Registry {
  return new LocalRegistry(core, caller);
}

class LocalRegistry implements Registry {
  readonly #core: Core;
  readonly #caller: Caller;

  constructor(core: Core, caller: Caller) {
    this.#core = core;
    this.#caller = caller;
  }

  read(path: SecretPath, key: SecretKey, version: Version | 'latest'): Promise<SecretVersion> {
    const subject: AuditSubject = {
      method: 'secret.Read',
      path,
      key,
      ...(version !== 'latest' && { version }),
    };
    return this.#answer(subject, () => {
      const found = requireVersion(this.#core.state, path, key, version);
      const result = this.#open({ path, key }, found);
      return { result, subjects: [{ ...subject, version: found.version }] };
    });
  }

  readKey(path: SecretPath, key: SecretKey): Promise<SecretVersion[]> {
    const subject: AuditSubject = { method: 'secret.Read', path, key };
    return this.#answer(subject, () => {
      const entry = requireKey(this.#core.state, path, key);
      const found = enabled(entry);
      if (found.length === 0) throw new SecretregError('key-not-found', { path, key });
      return this.#opened(found.map((one) => ({ entry, found: one })));
    });
  }

  readPath(path: SecretPath, keys?: readonly SecretKey[]): Promise<SecretVersion[]> {
    const subject = ofKeys('secret.Read', path, [...new Set(keys)]);
    return this.#answer(subject, () => {
      const visible = visibleKeys(this.#core.state, path);
      if (keys === undefined && visible.length === 0)
        throw new SecretregError('path-not-found', { path });
      const chosen: { entry: KeyEntry; found: Found }[] = [];
      for (const entry of visible) {
        if (keys !== undefined && !keys.includes(entry.key)) continue;
        const found = latest(entry);
        if (found !== undefined) chosen.push({ entry, found });
      }
      const { result, subjects } = this.#opened(chosen);
      const isThere = new Set(result.map(({ key }) => key));
      for (const key of new Set(keys))
        if (!isThere.has(key)) subjects.push({ method: 'secret.Read', path, key, count: 0 });
      return { result, subjects: subjects.length > 0 ? subjects : [{ ...subject, count: 0 }] };
    });
  }

  async checkValues(path: SecretPath, questions: readonly FitQuestion[]): Promise<FitAnswer[]> {
    const { obstacleIn } = await import('../domain/surroundings.ts');
    const keys = [...new Set(questions.map(({ key }) => key))];
    const subject = ofKeys('secret.Check', path, keys);
    return this.#answer(subject, () => {
      const found = new Map(keys.map((key) => [key, this.#latest(path, key)]));
      const result = different(questions).flatMap((question): FitAnswer[] => {
        const secret = found.get(question.key);
        if (secret === undefined) return [];
        const obstacle = obstacleIn(secret.value.reveal(), question.surroundings);
        return [{ ...question, ...(obstacle !== undefined && { obstacle }) }];
      });
      const subjects = keys.map((key): AuditSubject => {
        const version = found.get(key)?.version;
        const one = { method: 'secret.Check', path, key } as const;
        return version === undefined
          ? Object.assign(one, { count: 0 })
          : Object.assign(one, { version });
      });
      return { result, subjects: subjects.length > 0 ? subjects : [{ ...subject, count: 0 }] };
    });
  }

  paths(options: { deleted?: boolean } = {}): Promise<SecretPath[]> {
    const subject: AuditSubject = { method: 'secret.List' };
    return this.#answer(subject, (rights) => {
      const { state } = this.#core;
      const result = state
        .paths()
        .filter((path) => allowedBy(rights, 'listPaths', path) !== undefined)
        .filter((path) => options.deleted || visibleKeys(state, path).length > 0);
      return { result, subjects: [{ ...subject, count: result.length }] };
    });
  }

  listPaths(options: { deleted?: boolean } = {}): Promise<KeyInfo[]> {
    const subject: AuditSubject = { method: 'secret.List' };
    return this.#answer(subject, (rights) => {
      const { state } = this.#core;
      const result = state
        .paths()
        .filter((path) => allowedBy(rights, 'list', path) !== undefined)
        .flatMap((path) => listed(state.entries(path), options));
      return { result, subjects: [{ ...subject, count: result.length }] };
    });
  }

  listKeys(path: SecretPath, options: { deleted?: boolean } = {}): Promise<KeyInfo[]> {
    const subject: AuditSubject = { method: 'secret.List', path };
    return this.#answer(subject, () => {
      const result = listed(this.#core.state.entries(path), options);
      if (result.length === 0) throw new SecretregError('path-not-found', { path });
      return { result, subjects: [{ ...subject, count: result.length }] };
    });
  }

  listVersions(
    path: SecretPath,
    key: SecretKey,
    options: { deleted?: boolean } = {},
  ): Promise<KeyInfo> {
    const subject: AuditSubject = { method: 'secret.List', path, key };
    return this.#answer(subject, () => {
      const result = keyInfo(requireKey(this.#core.state, path, key), options);
      if (result.versions.length === 0 && !result.damaged && !options.deleted) {
        throw new SecretregError('key-not-found', { path, key });
      }
      return { result, subjects: [{ ...subject, count: result.versions.length }] };
    });
  }

  write(writes: readonly Write[], tell?: (sealed: number) => void): Promise<VersionInfo[]> {
    const [subject = { method: 'secret.Write' }, ...others]: AuditSubject[] = [
      ...Map.groupBy(writes, ({ path }) => path),
    ].map(([path, own]) =>
      ofKeys(
        'secret.Write',
        path,
        own.map(({ key }) => key),
      ),
    );
    // Before the right to write is taken: it is held no longer for a value that takes long to look into.
    const dated = writes.map((one) => ({ ...one, expiresAt: endOf(one.value.reveal()) }));
    return this.#change(
      'secret.Write',
      subject,
      (draft, now) => write(draft, dated, now, { seal: this.#seal, tell }),
      others,
    );
  }

  delete(target: Target, options: { permanent?: boolean } = {}): Promise<VersionInfo[]> {
    const method = options.permanent ? 'secret.Destroy' : 'secret.Delete';
    return this.#change(method, { method, ...target }, (draft, now) =>
      options.permanent ? destroy(draft, target) : hide(draft, target, now),
    );
  }

  restore(target: Target): Promise<VersionInfo[]> {
    return this.#change('secret.Restore', { method: 'secret.Restore', ...target }, (draft) =>
      restore(draft, target),
    );
  }

  metadata(path: SecretPath, key: SecretKey): Promise<Metadata> {
    const subject: AuditSubject = { method: 'secret.GetMetadata', path, key };
    return this.#answer(subject, () => {
      const entry = requireVisibleKey(this.#core.state, path, key);
      return { result: metadataOf(entry) };
    });
  }

  setMetadata(path: SecretPath, key: SecretKey, changes: MetadataChanges): Promise<Metadata> {
    return this.#core.change({
      caller: this.#caller,
      subject: { method: 'secret.SetMetadata', path, key },
      run: (draft) => ({ result: setMetadata(draft, { path, key }, changes) }),
    });
  }

  async *audit(
    filter: AuditFilter = {},
    tell: (note: string) => void = () => undefined,
    following?: Following,
  ): AsyncIterable<ReadEvent> {
    const { auditedEvents, followed } = await import('./audit-read.ts');
    const options = { tell, ...(following && followed(following)) };
    yield* auditedEvents(this.#core, this.#caller, filter, options);
  }

  readonly #seal = (
    place: { path: SecretPath; key: SecretKey; version: Version },
    meta: { createdAt: string; createdBy: string },
    one: Write,
  ): string => {
    const plaintext = new TextEncoder().encode(one.value.reveal());
    return this.#core.seal({ ...place, meta: secretMeta(meta) }, plaintext);
  };

  #open(place: { path: SecretPath; key: SecretKey }, { version, record }: Found): SecretVersion {
    const { path, key } = place;
    const { createdAt, createdBy } = record;
    const what = `version ${version} of secret ${path}:${key}`;
    const bytes = this.#core.open(
      { path, key, version, meta: secretMeta(record) },
      record.sealed,
      what,
    );
    const value = SecretValue.of(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return { path, key, version, createdAt, createdBy, value };
  }

  #latest(path: SecretPath, key: SecretKey): SecretVersion | undefined {
    const entry = this.#core.state.entry(path, key);
    const found = entry && latest(entry);
    return found && this.#open({ path, key }, found);
  }

  #opened(chosen: readonly { entry: KeyEntry; found: Found }[]): {
    result: SecretVersion[];
    subjects: AuditSubject[];
  } {
    const result = chosen.map(({ entry, found }) => this.#open(entry, found));
    const subjects = result.map(
      ({ path, key, version }): AuditSubject => ({ method: 'secret.Read', path, key, version }),
    );
    return { result, subjects };
  }

  #answer<T>(
    subject: AuditSubject,
    answer: (rights: Rights) => { result: T; subjects?: AuditSubject[] },
  ): Promise<T> {
    return this.#core.audited(this.#caller, subject, answer);
  }

  #change(
    method: 'secret.Write' | 'secret.Delete' | 'secret.Destroy' | 'secret.Restore',
    subject: AuditSubject,
    run: (
      draft: Draft,
      now: { at: string; by: string; commit: number; request: number },
    ) => VersionInfo[],
    alsoNeeds: readonly AuditSubject[] = [],
  ): Promise<VersionInfo[]> {
    const caller = this.#caller;
    return this.#core.change({
      caller,
      subject,
      alsoNeeds,
      run: (draft, context) => {
        const result = run(draft, { ...context, by: caller.principal });
        const subjects = result.map(
          ({ path, key, version }): AuditSubject => ({ method, path, key, version }),
        );
        return { result, subjects };
      },
    });
  }
}

/** Looking into a long value takes milliseconds, and a question can be asked a thousand times at once. */
function different(questions: readonly FitQuestion[]): readonly FitQuestion[] {
  return [...new Map(questions.map((one) => [`${one.surroundings}:${one.key}`, one])).values()];
}

/** A request for some keys of a path as one: of one key its name, of several how many they are. */
function ofKeys(
  method: 'secret.Read' | 'secret.Check' | 'secret.Write',
  path: SecretPath,
  keys: readonly SecretKey[],
): AuditSubject {
  const [key, ...others] = keys;
  if (key === undefined) return { method, path };
  return others.length === 0 ? { method, path, key } : { method, path, count: keys.length };
}

/** What a list shows of keys: those that nobody has deleted, or with `deleted` all. */
function listed(entries: readonly KeyEntry[], options: { deleted?: boolean }): KeyInfo[] {
  return entries
    .filter((entry) => options.deleted || isThere(entry))
    .map((entry) => keyInfo(entry, options));
}
