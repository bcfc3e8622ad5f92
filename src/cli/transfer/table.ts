// {"<path>": {"<key>": "<value>"}}, or with one path named the inner map alone, in JSON and in YAML.
import { quotedText } from '../../documents/yaml/write.ts';
import type { Entry, Refuse, SecretTable } from './entry.ts';
import type { Tree } from './tree.ts';

/** `single`: the file is the inner map. Fails as `refuse` says. */
export function entriesOfTable(
  trees: readonly Tree[],
  single: boolean,
  { refuse, map = 'a map' }: { refuse: Refuse; map?: string },
): Entry[] {
  const [root, second] = trees;
  if (second !== undefined) throw refuse('a second document begins, and a table is one', second.at);
  if (root?.kind !== 'map') throw refuse(`it is not ${map}`);
  if (single) return entriesOfMap(undefined, root, refuse);
  return root.members.flatMap(({ name, at, value }) => {
    if (value.kind === 'map') return entriesOfMap(name, value, refuse);
    throw refuse(`what is under this path is not ${map} of keys`, at);
  });
}

/** Fails as `refuse` says. */
export function entriesOfMap(
  path: string | undefined,
  { members }: Extract<Tree, { kind: 'map' }>,
  refuse: Refuse,
): Entry[] {
  return members.map(({ name, at, value }) => {
    if (value.kind === 'text') return { path, key: name, value: value.text, at };
    throw refuse(`the value of this key is ${whatOf(value)}, not a string`, at);
  });
}

function whatOf(tree: Tree): string {
  if (tree.kind === 'other') return tree.what;
  return `a ${tree.kind}`;
}

export function tableJson(table: SecretTable, single: boolean): string {
  const maps = [...table].map(([path, keys]) => [path, Object.fromEntries(keys)] as const);
  const value = single ? maps[0]?.[1] : Object.fromEntries(maps);
  return `${JSON.stringify(value ?? {}, null, 2)}\n`;
}

/** All in quotes: what is a string to one version of YAML is a number or a date to another. */
export function tableYaml(table: SecretTable, single: boolean): string {
  if (table.size === 0) return '{}\n';
  return [...table].map(([path, keys]) => mapYaml(path, keys, single)).join('');
}

function mapYaml(path: string, keys: ReadonlyMap<string, string>, single: boolean): string {
  const indent = single ? '' : '  ';
  const lines = [...keys].map(
    ([key, value]) => `${indent}${quotedText(key)}: ${quotedText(value)}\n`,
  );
  return (single ? '' : `${quotedText(path)}:\n`) + lines.join('');
}
