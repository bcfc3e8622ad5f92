// What a registry does, on one map: nothing of it is sealed, written, shared, cached or undone.
// Tests ask a registry and this at the same time; the two have to say the same.
import type { Metadata } from '../../../src/domain/registry.ts';
import {
  type Ask,
  type AskedGrant,
  type AskedTarget,
  type AskedWrite,
  type Outcome,
  sorted,
} from './asks.ts';
import { isSame, refusalOf, sees } from './rights.ts';

interface ModelVersion {
  value: string;
  state: 'enabled' | 'deleted' | 'destroyed';
  /** Which delete hid it. */
  hiddenBy: number;
}

interface ModelKey {
  path: string;
  key: string;
  /** Version 1 first; a number is never given again. */
  versions: ModelVersion[];
  metadata: Metadata;
}

export interface Model {
  keys: Record<string, ModelKey>;
  deletes: number;
  /** Of the one user that is not the holder of the master key. */
  grants: AskedGrant[];
  user: { isThere: boolean; tokens: number[] };
}

export const empty = (): Model => ({
  keys: {},
  deletes: 0,
  grants: [],
  user: { isThere: false, tokens: [] },
});

/** A token of the user; the holder of the master key shows none. */
export type Shown = number | undefined;

class Refused extends Error {}

/** The answer, and what is true after it. A refusal changes nothing. */
export function step(before: Model, asked: Ask, by?: Shown): { model: Model; outcome: Outcome } {
  const model = structuredClone(before);
  try {
    const code = by === undefined ? undefined : refusalOf(model, asked, by);
    if (code !== undefined) refuse(code);
    const is = by === undefined ? act(model, asked) : act(model, asked, (one) => sees(model, one));
    return { model, outcome: { is } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { model: before, outcome: { code: error.message } };
  }
}

type Sees = (path: string) => boolean;

function act(model: Model, asked: Ask, maySee: Sees = () => true): unknown {
  switch (asked.do) {
    case 'put':
      return asked.writes.map((one) => put(model, one));
    case 'import':
      return asked.writes.map((one) => put(model, one)).length;
    case 'get':
      return get(model, asked);
    case 'get-every': {
      const found = among(requireKey(model, asked.path, asked.key), 'enabled');
      return found.length > 0 ? found.map(shown) : refuse('key-not-found');
    }
    case 'get-all': {
      const visible = keysOf(model, asked.path).filter(isVisible);
      if (visible.length === 0 && asked.keys === undefined) refuse('path-not-found');
      const wanted = visible.filter(({ key }) => asked.keys?.includes(key) ?? true);
      return wanted.map((one) => shown(among(one, 'enabled').at(-1)!));
    }
    case 'check': {
      const entry = model.keys[nameOf(asked)];
      const latest = entry && among(entry, 'enabled').at(-1);
      return latest === undefined ? [] : [latest.value.includes('@') ? 'at' : 'fits'];
    }
    case 'paths': {
      const keys = Object.values(model.keys).filter((one) => asked.deleted || isVisible(one));
      return [...new Set(keys.map(({ path }) => path))].filter(maySee).toSorted();
    }
    case 'list': {
      const paths = [...new Set(Object.values(model.keys).map(({ path }) => path))].toSorted();
      const chosen = paths.filter((one) =>
        asked.path === undefined ? maySee(one) : one === asked.path,
      );
      const keys = chosen.flatMap((one) => keysOf(model, one));
      const listed = keys.filter((one) => asked.deleted || isVisible(one));
      if (asked.path !== undefined && listed.length === 0) refuse('path-not-found');
      return listed.map((one) => shownKey(one, asked.deleted));
    }
    case 'history': {
      const entry = requireKey(model, asked.path, asked.key);
      if (!asked.deleted && !isVisible(entry)) refuse('key-not-found');
      return shownKey(entry, asked.deleted);
    }
    case 'delete':
      return remove(model, asked);
    case 'restore':
      return restore(model, asked.target);
    case 'metadata':
      return sorted(requireVisible(model, asked).metadata);
    case 'set-metadata': {
      const entry = requireVisible(model, asked);
      // The only slip that is tried.
      if (asked.changes.owner?.startsWith(' ')) refuse('bad-metadata');
      const all = Object.entries({ ...entry.metadata, ...asked.changes });
      entry.metadata = Object.fromEntries(all.filter(([, value]) => value !== null));
      return sorted(entry.metadata);
    }
    case 'grant':
      if (!model.grants.some((one) => isSame(one, asked.grant))) model.grants.push(asked.grant);
      return `${asked.grant.role} on ${asked.grant.on.patternType} ${asked.grant.on.name}`;
    case 'revoke': {
      const left = model.grants.filter((one) => !isSame(one, asked.grant));
      if (left.length === model.grants.length) refuse('grant-not-found');
      model.grants = left;
      return 'done';
    }
    case 'forget-user':
      if (!model.user.isThere && model.grants.length === 0) refuse('user-not-found');
      model.user = { isThere: false, tokens: [] };
      model.grants = [];
      return 'done';
  }
}

function put(model: Model, { path, key, value, over }: AskedWrite): string {
  const entry = (model.keys[nameOf({ path, key })] ??= { path, key, versions: [], metadata: {} });
  const latest = among(entry, 'enabled').at(-1)?.version ?? 'none';
  if (over !== undefined && over !== latest) refuse('version-moved-on');
  entry.versions.push({ value, state: 'enabled', hiddenBy: 0 });
  return `${path} ${key} ${entry.versions.length}`;
}

function get(model: Model, { path, key, version }: Extract<Ask, { do: 'get' }>): string {
  const entry = requireKey(model, path, key);
  if (version === 'latest') {
    const found = among(entry, 'enabled').at(-1);
    if (found !== undefined) return shown(found);
    return refuse(among(entry, 'deleted').length > 0 ? 'version-deleted' : 'key-not-found');
  }
  const found = entry.versions[version - 1];
  if (found === undefined || found.state === 'destroyed') return refuse('version-not-found');
  if (found.state === 'deleted') return refuse('version-deleted');
  return shown({ ...found, path, key, version });
}

function remove(model: Model, { target, permanent }: Extract<Ask, { do: 'delete' }>): string[] {
  const keys = requireKeys(model, target);
  model.deletes += 1;
  const chosen = keys.flatMap((entry) =>
    [...among(entry, 'enabled'), ...(permanent ? among(entry, 'deleted') : [])]
      .filter(({ version }) => target.version === undefined || version === target.version)
      .toSorted((a, b) => a.version - b.version),
  );
  for (const one of chosen)
    change(
      model,
      one,
      permanent ? { state: 'destroyed' } : { state: 'deleted', hiddenBy: model.deletes },
    );
  if (chosen.length > 0) return chosen.map(shownName);
  if (target.key === undefined) return refuse('path-not-found');
  if (target.version === undefined) return refuse('key-not-found');
  const found = keys[0]?.versions[target.version - 1];
  return refuse(found?.state === 'deleted' ? 'version-deleted' : 'version-not-found');
}

function restore(model: Model, target: AskedTarget): string[] {
  const hidden = requireKeys(model, target).flatMap((entry) => among(entry, 'deleted'));
  const newest = Math.max(...hidden.map(({ hiddenBy }) => hiddenBy));
  const chosen = hidden.filter(({ version, hiddenBy }) =>
    target.version === undefined ? hiddenBy === newest : version === target.version,
  );
  for (const one of chosen) change(model, one, { state: 'enabled' });
  return chosen.length > 0 ? chosen.map(shownName) : refuse('nothing-to-restore');
}

type Numbered = ModelVersion & { path: string; key: string; version: number };

/** Ascending. */
function among({ path, key, versions }: ModelKey, state: ModelVersion['state']): Numbered[] {
  return versions
    .map((one, i) => ({ ...one, path, key, version: i + 1 }))
    .filter((one) => one.state === state);
}

function change(model: Model, { path, key, version }: Numbered, to: Partial<ModelVersion>): void {
  Object.assign(model.keys[nameOf({ path, key })]!.versions[version - 1]!, to);
}

const isVisible = (entry: ModelKey): boolean => among(entry, 'enabled').length > 0;

function keysOf(model: Model, path: string): ModelKey[] {
  return Object.values(model.keys)
    .filter((one) => one.path === path)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function requireKey(model: Model, path: string, key: string): ModelKey {
  const entry = model.keys[nameOf({ path, key })];
  if (entry !== undefined) return entry;
  return refuse(keysOf(model, path).some(isVisible) ? 'key-not-found' : 'path-not-found');
}

function requireVisible(model: Model, { path, key }: { path: string; key: string }): ModelKey {
  const entry = requireKey(model, path, key);
  return isVisible(entry) ? entry : refuse('key-not-found');
}

function requireKeys(model: Model, { path, key }: AskedTarget): ModelKey[] {
  if (key !== undefined) return [requireKey(model, path, key)];
  const keys = keysOf(model, path);
  return keys.length > 0 ? keys : refuse('path-not-found');
}

function shownKey({ path, key, versions, metadata }: ModelKey, deleted: boolean): unknown {
  const numbers = versions.flatMap(({ state }, i) => {
    if (state === 'enabled') return [i + 1];
    return deleted && state === 'deleted' ? [-(i + 1)] : [];
  });
  return { key: `${path} ${key}`, versions: numbers, metadata: sorted(metadata) };
}

const shownName = ({ path, key, version }: Numbered): string => `${path} ${key} ${version}`;
const shown = (one: Numbered): string => `${shownName(one)} ${one.value}`;
const nameOf = ({ path, key }: { path: string; key: string }): string =>
  JSON.stringify([path, key]);

function refuse(code: string): never {
  throw new Refused(code);
}
