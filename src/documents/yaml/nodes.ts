// The node that a JSON pointer leads to. A value that is read through an alias stands where its anchor does.
import { type Alias, isAlias, isMap, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { nothingAt, pointerName } from '../json-pointer.ts';
import { isMergeKey, mergedNodes, nameOf } from './values.ts';

export interface Found {
  /** The pair whose value it is; undefined for an item and for the document's own value. */
  pair: Pair | undefined;
  /** null for a name that stands alone: `{name}`, `? name`. */
  node: Node | null;
  /** True where aliases lead to it, or to something around it. */
  isShared: boolean;
}

export class NodeFinder {
  readonly #contents: readonly (Node | null)[];
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #shared: ReadonlySet<Node | null>;
  readonly #members = new Map<YAMLMap, Map<string, Pair>>();

  constructor(contents: readonly (Node | null)[], targets: ReadonlyMap<Alias, Node>) {
    this.#contents = contents;
    this.#targets = targets;
    this.#shared = new Set(targets.values());
  }

  /** Throws a RangeError where the pointer leads nowhere. */
  find(pointer: string): Found {
    const [, root = '', ...segments] = pointer.split('/');
    const contents = this.#contents[indexFrom(root)];
    if (contents === undefined) throw nothingAt(pointer);
    const node = this.#resolve(contents);
    let found: Found = { pair: undefined, node, isShared: this.#shared.has(node) };
    for (const segment of segments) {
      const inner = this.#step(found.node, pointerName(segment));
      if (inner === undefined) throw nothingAt(pointer);
      found = { ...inner, isShared: found.isShared || inner.isShared };
    }
    return found;
  }

  #step(node: Node | null, segment: string): Found | undefined {
    if (isSeq(node)) {
      const item = node.items[indexFrom(segment)];
      return item === undefined ? undefined : this.#found(undefined, item, false);
    }
    if (!isMap(node)) return undefined;
    const pair = this.#member(node, segment);
    // Where a merge key gives the pair, it stands in another map.
    return pair && this.#found(pair, pair.value, this.#membersOf(node).get(segment) !== pair);
  }

  #found(pair: Pair | undefined, value: unknown, isMerged: boolean): Found {
    const node = this.#resolve(value);
    return { pair, node, isShared: isMerged || this.#shared.has(node) };
  }

  /** Of repeated names the last counts, then those that are merged in. */
  #member(map: YAMLMap, name: string): Pair | undefined {
    const own = this.#membersOf(map).get(name);
    if (own !== undefined) return own;
    for (const { key, value } of map.items) {
      if (!isMergeKey(key)) continue;
      for (const source of mergedNodes(value, this.#targets)) {
        const merged = isMap(source) ? this.#member(source, name) : undefined;
        if (merged !== undefined) return merged;
      }
    }
    return undefined;
  }

  #membersOf(map: YAMLMap): Map<string, Pair> {
    let members = this.#members.get(map);
    if (members === undefined) {
      members = new Map();
      for (const pair of map.items) {
        const name = nameOf(this.#resolve(pair.key));
        if (name !== undefined && !isMergeKey(pair.key)) members.set(name, pair);
      }
      this.#members.set(map, members);
    }
    return members;
  }

  #resolve(node: unknown): Node | null {
    const resolved = isAlias(node) ? this.#targets.get(node) : node;
    return (resolved ?? null) as Node | null;
  }
}

/** RFC 6901, 4: digits only, without a zero in front. */
function indexFrom(segment: string): number {
  return /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : -1;
}
