// JSON and YAML as what a table of secrets is made of: maps and texts. A plain scalar of YAML is its text as it stands, as
// YAML's own failsafe schema has it (YAML 1.2.2, 10.1): `no`, `0755` and `1e3` are what somebody wrote for a password, and
// readers of YAML 1.1 and 1.2 do not agree on what else they would be.
import { type Node as JsonNode, parseTree } from 'jsonc-parser';
import { isAlias, isMap, isScalar, isSeq, Scalar } from 'yaml';
import { parseJson } from '../../documents/json.ts';
import type { Problem } from '../../documents/problem.ts';
import { parseYaml } from '../../documents/yaml/document.ts';
import { composeStream } from '../../documents/yaml/stream.ts';
import type { Refuse } from './entry.ts';

export type Tree = { at: number } & (
  | { kind: 'map'; members: readonly Member[] }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly Tree[] }
  /** `what` as in `is null`. */
  | { kind: 'other'; what: string }
);

export interface Member {
  name: string;
  at: number;
  value: Tree;
}

/** One tree. Fails as `refuse` says, with the first fault. */
export function jsonTrees(text: string, refuse: Refuse): Tree[] {
  if (text.trim() === '') throw refuse('it is empty');
  refuseProblems(parseJson(text).problems, refuse);
  const root = parseTree(text, [], { disallowComments: true });
  return root === undefined ? [] : [jsonTree(root)];
}

/** A tree for each document that is not empty. Fails as `refuse` says, with the first fault. */
export function yamlTrees(text: string, refuse: Refuse): Tree[] {
  refuseProblems(parseYaml(text).problems, refuse);
  // A carriage return alone ends a line there too.
  const body = text.replace(/\r(?!\n)/g, '\n');
  const trees = composeStream(body).documents.flatMap(({ contents }) =>
    contents === null ? [] : [yamlTree(contents)],
  );
  const filled = trees.filter((tree) => tree.kind !== 'other' || tree.what !== NOTHING);
  if (filled.length === 0) throw refuse('it is empty');
  return filled;
}

function refuseProblems(problems: readonly Problem[], refuse: Refuse): void {
  const [first] = [...problems].sort((a, b) => a.start - b.start);
  if (first === undefined) return;
  const isTwice = first.kind === 'duplicate-key';
  throw refuse(isTwice ? 'this name stands twice' : first.text, first.start, first.hint);
}

function jsonTree(node: JsonNode): Tree {
  const at = node.offset;
  if (node.type === 'string') return { kind: 'text', at, text: String(node.value) };
  if (node.type === 'array')
    return { kind: 'list', at, items: (node.children ?? []).map(jsonTree) };
  if (node.type !== 'object')
    return { kind: 'other', at, what: node.type === 'null' ? 'null' : `a ${node.type}` };
  const members = (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
    name === undefined || value === undefined
      ? []
      : [{ name: String(name.value), at: name.offset, value: jsonTree(value) }],
  );
  return { kind: 'map', at, members };
}

const NOTHING = 'nothing';

function yamlTree(node: unknown): Tree {
  if (isMap(node)) {
    const members = node.items.map(({ key, value }): Member => {
      const name = yamlTree(key);
      return {
        name: name.kind === 'text' ? name.text : '',
        at: name.at,
        value: name.kind === 'text' ? yamlTree(value) : name,
      };
    });
    return { kind: 'map', at: node.range?.[0] ?? 0, members };
  }
  if (isSeq(node))
    return { kind: 'list', at: node.range?.[0] ?? 0, items: node.items.map(yamlTree) };
  if (isAlias(node)) return { kind: 'other', at: node.range?.[0] ?? 0, what: 'an alias' };
  return isScalar(node) ? yamlScalar(node) : { kind: 'other', at: 0, what: NOTHING };
}

function yamlScalar({ type, source = '', value, tag, range }: Scalar): Tree {
  const at = range?.[0] ?? 0;
  if (tag !== undefined && tag !== 'tag:yaml.org,2002:str')
    return { kind: 'other', at, what: 'a value with a tag' };
  if (type !== Scalar.PLAIN) return { kind: 'text', at, text: String(value) };
  if (source === '') return { kind: 'other', at, what: NOTHING };
  // Somebody forgot the value, or took it away.
  if (/^(?:~|null)$/i.test(source)) return { kind: 'other', at, what: 'null' };
  return { kind: 'text', at, text: source };
}
