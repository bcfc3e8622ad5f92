// The value of a YAML document as the tools that read it hand it to Kafka Connect: as JSON. A hostile text is kept in bounds:
// an alias gives the value of its anchor again (never a copy), and what aliases repeat is counted.
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
import { isNamingTag, withoutHead } from '../cloudformation.ts';
import { isContainer, isObject, type JsonObject } from '../plain-value.ts';
import type { Problem } from '../problem.ts';
import { UNKNOWN } from '../unknown.ts';
import { openQuote } from './quotes.ts';
import { MAX_DEPTH } from './stream.ts';

export interface YamlValue {
  /** undefined where a fault makes it impossible to tell. */
  root: { value: unknown } | undefined;
  fault: number | undefined;
  problems: readonly Problem[];
  /** What each alias stands for. */
  targets: ReadonlyMap<Alias, Node>;
  /** The tags of members, by the list or map that they stand in. */
  tags: ReadonlyMap<object, ReadonlyMap<string, string>>;
}

/** How many values aliases and merge keys may repeat in one document: all rules look at each of them. */
export const MAX_REPEATED = 100_000;
/** And how many characters: each alias of a text in a ConfigMap may be one more file to read. */
export const MAX_REPEATED_TEXT = 4_000_000;

export function valueOf(contents: Node | null, text: string): YamlValue {
  const reading = new Reading(text);
  const { problems, targets, tags } = reading;
  try {
    const value = reading.read(contents, 0);
    return { root: { value }, fault: undefined, problems, targets, tags };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { problem } = error;
    return { root: undefined, fault: problem.start, problems: [problem], targets, tags };
  }
}

/** The name under which a pair stands in the value; undefined for a list or a map, which can be no name. */
export function nameOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const value = plainValue(key);
  return typeof value === 'string' ? value : String(value);
}

/** `<<` without quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === Scalar.PLAIN;
}

/** The maps that a merge key takes in, in the order in which they count. */
export function mergedNodes(value: unknown, targets: ReadonlyMap<Alias, Node>): Node[] {
  const node = isAlias(value) ? targets.get(value) : value;
  if (isMap(node)) return [node];
  if (!isSeq<Node>(node)) return [];
  return node.items.flatMap((item) => (isSeq(item) ? [] : mergedNodes(item, targets)));
}

/** The value of a node with an anchor. */
interface Read {
  value: unknown;
  /** How many values are in it, with those that its own aliases repeat. */
  size: number;
  /** How many characters are in its texts, counted in the same way. */
  length: number;
  height: number;
}

class Refused extends Error {
  readonly problem: Problem;

  constructor(node: Node, text: string, hint?: string) {
    super(text);
    const [start, end] = rangeOf(node);
    this.problem = { kind: 'parse-error', start, end, text, ...(hint !== undefined && { hint }) };
  }
}

class Reading {
  readonly problems: Problem[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly tags = new Map<object, Map<string, string>>();
  readonly #anchors = new Map<string, Node>();
  readonly #read = new Map<Node, Read>();
  readonly #text: string;
  #size = 0;
  #length = 0;
  #repeated = 0;
  #repeatedText = 0;
  #deepest = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(node: unknown, depth: number): unknown {
    this.#size += 1;
    if (depth > this.#deepest) this.#deepest = depth;
    if (isAlias(node)) return this.#alias(node, depth);
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      return node.anchor === undefined ? this.#plain(node, depth) : this.#anchored(node, depth);
    }
    return null;
  }

  #plain(node: Node, depth: number): unknown {
    if (isScalar(node)) return this.#scalar(node);
    if (isMap(node)) return this.#map(node.items, depth);
    return isSeq(node) ? this.#list(node.items, depth) : null;
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    const list = items.map((item) => this.#inner(item, depth + 1));
    for (const [at, item] of items.entries()) this.#keepTag(list, String(at), this.#tag(item));
    return list;
  }

  /** That of what an alias stands for, too. */
  #tag(node: unknown): string | undefined {
    const target = isAlias(node) ? this.targets.get(node) : node;
    return (target as { tag?: string } | null | undefined)?.tag;
  }

  /** Of a name that is repeated the last one counts. */
  #keepTag(container: object, name: string, tag: string | undefined): void {
    const own = this.tags.get(container);
    if (tag?.startsWith('!') !== true) own?.delete(name);
    else if (own === undefined) this.tags.set(container, new Map([[name, tag]]));
    else own.set(name, tag);
  }

  /** A value in a list or a map. */
  #inner(node: unknown, depth: number): unknown {
    const value = this.read(node, depth);
    const tag = (node as { tag?: string } | null)?.tag;
    return isNamingTag(tag) ? UNKNOWN : withoutHead(tag, value);
  }

  #scalar(node: Scalar): unknown {
    const quote = openQuote(this.#text, node);
    if (quote !== undefined)
      throw new Refused(node, `the string is not closed: its ${quote} is missing`);
    const value = plainValue(node);
    if (typeof value === 'string') this.#length += value.length;
    return value;
  }

  /** Of several anchors with one name, an alias means the last one in front of it (YAML 1.2.2, 7.1). */
  #anchored(node: Node & { anchor?: string }, depth: number): unknown {
    this.#anchors.set(node.anchor ?? '', node);
    const [size, length, deepest] = [this.#size, this.#length, this.#deepest];
    this.#deepest = depth;
    const value = this.#plain(node, depth);
    this.#read.set(node, {
      value,
      size: this.#size - size + 1,
      length: this.#length - length,
      height: this.#deepest - depth,
    });
    this.#deepest = Math.max(this.#deepest, deepest);
    return value;
  }

  #alias(alias: Alias, depth: number): unknown {
    const { value, size, length, height } = this.#target(alias);
    this.#length += length;
    this.#repeatedText += length;
    this.#repeat(alias, size, depth + height);
    return value;
  }

  #target(alias: Alias): Read {
    const node = this.#anchors.get(alias.source);
    if (node === undefined)
      throw new Refused(alias, 'no anchor of this name stands in front of the alias');
    this.targets.set(alias, node);
    const read = this.#read.get(node);
    if (read === undefined) {
      throw new Refused(alias, 'the alias stands inside of what it repeats: its value has no end');
    }
    return read;
  }

  #repeat(node: Node, size: number, depth: number): void {
    this.#size += size;
    this.#repeated += size;
    if (this.#repeated > MAX_REPEATED) throw tooMuch(node, `${MAX_REPEATED} values`);
    if (this.#repeatedText > MAX_REPEATED_TEXT)
      throw tooMuch(node, `${MAX_REPEATED_TEXT} characters`);
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > MAX_DEPTH) {
      throw new Refused(node, `aliases nest lists and maps deeper than ${MAX_DEPTH} levels`);
    }
  }

  #map(items: readonly Pair[], depth: number): JsonObject {
    const map: JsonObject = {};
    const merged: JsonObject[][] = [];
    let firsts: Map<string, Node> | undefined;
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        merged.push(this.#merged(value, depth));
        continue;
      }
      const name = this.#name(key, depth);
      const inner = this.#inner(value, depth + 1);
      if (Object.hasOwn(map, name)) {
        firsts ??= firstsOf(items);
        this.#repeatedName(name, key, value, firsts.get(name));
      }
      set(map, name, inner);
      this.#keepTag(map, name, this.#tag(value));
    }
    // A name of the map itself counts first, then that of the map merged earlier (yaml.org/type/merge.html).
    for (const source of merged.flat())
      for (const [name, inner] of Object.entries(source))
        if (!Object.hasOwn(map, name)) {
          set(map, name, inner);
          this.#keepTag(map, name, this.tags.get(source)?.get(name));
        }
    return map;
  }

  #name(key: unknown, depth: number): string {
    // Read as a value is: a name may have an anchor, or be an alias.
    const value = this.read(key, depth + 1);
    if (isContainer(value)) {
      throw new Refused(
        key as Node,
        'a list or a map stands where a name belongs',
        'put a value that begins with { or [ in quotes',
      );
    }
    return typeof value === 'string' ? value : String(value);
  }

  #repeatedName(name: string, key: unknown, value: unknown, first: Node | undefined): void {
    const [start, end] = rangeOf(key);
    // A name alone between braces may be a password that was not quoted.
    const what = value === null ? 'this name' : JSON.stringify(name);
    this.problems.push({
      kind: 'duplicate-key',
      start,
      end,
      text: `${what} stands in this map already`,
      ...(first !== undefined && { earlier: rangeOf(first)[0] }),
    });
  }

  #merged(value: unknown, depth: number): JsonObject[] {
    const read = this.read(value, depth);
    const maps: unknown[] = Array.isArray(read) ? read : [read];
    if (!maps.every(isObject)) {
      throw new Refused(value as Node, "the merge key '<<' takes a map, or a list of maps");
    }
    for (const map of maps) this.#repeat(value as Node, Object.keys(map).length, depth);
    return maps;
  }
}

function tooMuch(node: Node, most: string): Refused {
  return new Refused(
    node,
    `the aliases of this document repeat more than ${most}: it is not read, for it would fill the memory`,
    'write out what is meant, with fewer aliases of aliases',
  );
}

/** `__proto__` is a name as any other. */
function set(map: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(map, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    map[name] = value;
  }
}

function firstsOf(items: readonly Pair[]): Map<string, Node> {
  const firsts = new Map<string, Node>();
  for (const { key } of items) {
    const name = nameOf(key);
    if (name !== undefined && !firsts.has(name)) firsts.set(name, key as Node);
  }
  return firsts;
}

/** A whole number that JavaScript cannot hold exactly keeps its digits. */
function plainValue({ value, source }: Scalar): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = /^\+?(-?[0-9]+)$/.exec(source ?? '')?.[1];
  return digits ?? value;
}

function rangeOf(node: unknown): [number, number] {
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : null;
  return [range?.[0] ?? 0, Math.max(range?.[1] ?? 0, (range?.[0] ?? 0) + 1)];
}
