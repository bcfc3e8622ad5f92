// Finds byte strings, the needles, in a text that is read once, byte by byte (Aho and Corasick, 1975): a state is the
// longest suffix of the text so far with which a needle begins. Nodes stand in arrays of numbers, for a value may be 256 KiB.

/** The state at the beginning of a text. */
export const START = 0;

export class Automaton {
  /** Bytes of the longest needle. */
  readonly longest: number;
  /** How many transitions were made: at most two for each byte of text, whatever needles and text are. */
  transitions = 0;

  readonly #byte: Uint8Array;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  /** The node of the longest proper suffix with which a needle begins. */
  readonly #fallback: Int32Array;
  readonly #depth: Int32Array;
  readonly #found: Int32Array;
  /** The children of the root by their byte: most of a text leads to none of them. */
  readonly #fromStart = new Int32Array(256);
  #size = 1;

  constructor(needles: Iterable<Uint8Array>) {
    const all = [...needles].filter(({ length }) => length > 0);
    const nodes = 1 + all.reduce((sum, { length }) => sum + length, 0);
    this.longest = Math.max(0, ...all.map(({ length }) => length));
    this.#byte = new Uint8Array(nodes);
    this.#firstChild = new Int32Array(nodes);
    this.#nextSibling = new Int32Array(nodes);
    this.#fallback = new Int32Array(nodes);
    this.#depth = new Int32Array(nodes);
    this.#found = new Int32Array(nodes);
    for (const needle of all) this.#add(needle);
    this.#link();
  }

  next(state: number, byte: number): number {
    for (let node = state; node !== START; node = at(this.#fallback, node)) {
      this.transitions += 1;
      const child = this.#child(node, byte);
      if (child !== NONE) return child;
    }
    this.transitions += 1;
    return at(this.#fromStart, byte);
  }

  /** How many bytes at the end of the text may be the beginning of a needle. */
  depth(state: number): number {
    return at(this.#depth, state);
  }

  /** The length of the longest needle that ends here; 0 where none does. */
  found(state: number): number {
    return at(this.#found, state);
  }

  /** Where, from `from` on, the next byte is with which a needle begins; where there is none, the length. */
  nextStart(bytes: Uint8Array, from: number): number {
    let i = from;
    while (i < bytes.length && this.#fromStart[bytes[i] ?? 0] === NONE) i += 1;
    return i;
  }

  #add(needle: Uint8Array): void {
    let node = START;
    for (const byte of needle) node = this.#child(node, byte) || this.#grow(node, byte);
    this.#found[node] = needle.length;
  }

  #grow(parent: number, byte: number): number {
    const node = this.#size++;
    this.#byte[node] = byte;
    this.#depth[node] = at(this.#depth, parent) + 1;
    this.#nextSibling[node] = at(this.#firstChild, parent);
    this.#firstChild[parent] = node;
    if (parent === START) this.#fromStart[byte] = node;
    return node;
  }

  #child(node: number, byte: number): number {
    if (node === START) return at(this.#fromStart, byte);
    let child = at(this.#firstChild, node);
    while (child !== NONE && this.#byte[child] !== byte) child = at(this.#nextSibling, child);
    return child;
  }

  /** Breadth first: what a node falls back to is nearer to the root, and so is done already. */
  #link(): void {
    const queue = new Int32Array(this.#size);
    let end = 1;
    for (let done = 0; done < end; done += 1) {
      const node = at(queue, done);
      for (let child = at(this.#firstChild, node); child !== NONE; ) {
        const fallback =
          node === START ? START : this.next(at(this.#fallback, node), at(this.#byte, child));
        this.#fallback[child] = fallback;
        if (at(this.#found, child) === 0) this.#found[child] = at(this.#found, fallback);
        queue[end++] = child;
        child = at(this.#nextSibling, child);
      }
    }
    this.transitions = 0;
  }
}

/** The root is no node's child, so its number stands for no node. */
const NONE = 0;

function at(numbers: Int32Array | Uint8Array, index: number): number {
  return numbers[index] ?? 0;
}
