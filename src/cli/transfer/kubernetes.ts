// Secrets of Kubernetes: the path is the name of each, its keys are those of `data` (base64) and `stringData`. Several
// documents, and the List that kubectl prints of several, are read; what is no Secret is refused, for nothing of it would
// come into the registry.
import { base64FromText, textFromBase64 } from '../../documents/base64.ts';
import { quotedText } from '../../documents/yaml/write.ts';
import type { Entry, Refuse, SecretTable } from './entry.ts';
import { entriesOfMap } from './table.ts';
import type { Tree } from './tree.ts';

type TreeMap = Extract<Tree, { kind: 'map' }>;

/** True for a map that names its API and kind, and has a member that is no text: no inner map of a table looks like that. */
export function isManifest([root]: readonly Tree[]): boolean {
  if (root?.kind !== 'map') return false;
  const others = root.members.some(({ value }) => value.kind !== 'text');
  return others && textAt(root, 'apiVersion') !== undefined && textAt(root, 'kind') !== undefined;
}

/** `single`: there is one Secret, and its name does not count. Fails as `refuse` says. */
export function entriesOfSecrets(trees: readonly Tree[], single: boolean, refuse: Refuse): Entry[] {
  const secrets = trees.flatMap((tree) => secretsIn(tree, refuse));
  const [first, second] = secrets;
  if (first === undefined) throw refuse('it holds no Secret');
  if (single && second !== undefined)
    throw refuse('a second Secret stands here, and --path names one path', second.at);
  return secrets.flatMap((secret) => entriesOfSecret(secret, single, refuse));
}

function secretsIn(tree: Tree, refuse: Refuse): TreeMap[] {
  if (tree.kind !== 'map') throw refuse('this is not a map', tree.at);
  const kind = textAt(tree, 'kind');
  const items = memberOf(tree, 'items');
  if ((kind === 'List' || kind === 'SecretList') && items?.kind === 'list')
    return items.items.flatMap((item) => secretsIn(item, refuse));
  if (kind !== 'Secret')
    throw refuse(
      kind === undefined ? 'this has no kind' : 'this is a resource of another kind than Secret',
      tree.at,
      'only resources of kind Secret hold what can be imported',
    );
  if (textAt(tree, 'apiVersion') !== 'v1') throw refuse("the apiVersion is not 'v1'", tree.at);
  return [tree];
}

function entriesOfSecret(secret: TreeMap, single: boolean, refuse: Refuse): Entry[] {
  const metadata = memberOf(secret, 'metadata');
  const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : undefined;
  if (name === undefined && !single)
    throw refuse(
      'the Secret has no metadata.name, which is the path',
      secret.at,
      '--path PATH, for one Secret',
    );
  const path = single ? undefined : name;
  const data = entriesAt(secret, 'data', path, refuse).map((entry) => decoded(entry, refuse));
  return data.concat(entriesAt(secret, 'stringData', path, refuse));
}

function entriesAt(
  secret: TreeMap,
  member: string,
  path: string | undefined,
  refuse: Refuse,
): Entry[] {
  const map = memberOf(secret, member);
  // kubectl prints `data: null` for none.
  if (map === undefined || map.kind === 'other') return [];
  if (map.kind !== 'map') throw refuse(`${member} is not a map`, map.at);
  return entriesOfMap(path, map, refuse);
}

function decoded(entry: Entry, refuse: Refuse): Entry {
  const value = textFromBase64(entry.value);
  if (value !== undefined) return { ...entry, value };
  throw refuse(
    'the data of this key is not base64 of a text in UTF-8',
    entry.at,
    'secretreg put PATH KEY --from-file FILE --base64    (for key stores and other binary values)',
  );
}

function memberOf(tree: TreeMap, name: string): Tree | undefined {
  return tree.members.find((member) => member.name === name)?.value;
}

function textAt(tree: TreeMap, name: string): string | undefined {
  const member = memberOf(tree, name);
  return member?.kind === 'text' ? member.text : undefined;
}

export function secretsYaml(table: SecretTable): string {
  return [...table].map(([path, keys]) => secretYaml(path, keys)).join('---\n');
}

function secretYaml(path: string, keys: ReadonlyMap<string, string>): string {
  const data = [...keys].map(
    ([key, value]) => `  ${quotedText(key)}: ${quotedText(base64FromText(value))}\n`,
  );
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${quotedText(path)}\ntype: Opaque\ndata:\n${data.join('')}`;
}

/** RFC 1123, as Kubernetes checks the names of Secrets (IsDNS1123Subdomain). */
const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** IsConfigMapKey. */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
/** MaxSecretSize. */
const MAX_BYTES = 1024 * 1024;

/** What Kubernetes would refuse: clauses with the names. */
export function secretProblems(table: SecretTable): string[] {
  return [...table].flatMap(([path, keys]) => problemsOf(path, keys));
}

function problemsOf(path: string, keys: ReadonlyMap<string, string>): string[] {
  const problems = [...keys.keys()]
    .filter((key) => !KEY.test(key))
    .map(
      (key) =>
        `'${path}:${key}' cannot be a key of a Secret: it takes letters, digits, '-', '_' and '.'`,
    );
  if (path.length > 253 || !NAME.test(path))
    problems.unshift(
      `'${path}' cannot be the name of a Secret: it takes small letters, digits, '-' and '.'`,
    );
  if (bytesOf(keys) > MAX_BYTES)
    problems.push(`the values of '${path}' are more than 1 MiB, which no Secret holds`);
  return problems;
}

function bytesOf(keys: ReadonlyMap<string, string>): number {
  let bytes = 0;
  for (const value of keys.values()) bytes += Buffer.byteLength(value);
  return bytes;
}
