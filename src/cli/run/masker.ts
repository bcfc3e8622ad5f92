// Takes secrets out of a stream of bytes, wherever its chunks end. Pure. Each byte that belongs to an occurrence of a
// needle is removed, also where two of them overlap; all that stand side by side become one `***`. Only bytes that may yet turn out
// to belong to one are held back, at most as many as the longest needle has; everything else goes on at once.
import { Automaton, START } from './automaton.ts';

const MASK = Buffer.from('***');

/** Bytes of the text, counted from its beginning; `end` is behind the last one. */
interface Span {
  start: number;
  end: number;
}

export class Masker {
  #automaton: Automaton;
  #state = START;
  /** The bytes that are held back, from `#start` to `#end`: a ring whose size is a power of two. */
  #ring: Uint8Array;
  #start = 0;
  #end = 0;
  /** What has to be masked of the bytes held back: spans in order, which do not touch; those before index `#first` are done. */
  #spans: Span[] = [];
  #first = 0;
  #isMasking = false;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#ring = new Uint8Array(ringSize(automaton));
  }

  /** Takes the next chunk, and answers the output that is decided by then. */
  write(chunk: Uint8Array): Buffer {
    const out = new Output(chunk.length);
    let i = 0;
    while (i < chunk.length) {
      if (this.#start === this.#end && this.#state === START) {
        const next = this.#automaton.nextStart(chunk, i);
        if (next > i) this.#pass(chunk.subarray(i, next), out);
        i = next;
      }
      if (i < chunk.length) this.#take(chunk[i++] ?? 0, out);
    }
    return out.bytes();
  }

  /** The output that is left when the text has ended: a needle that has only begun is not masked. */
  end(): Buffer {
    const out = new Output(this.#end - this.#start);
    this.#state = START;
    this.#release(out);
    this.#isMasking = false;
    return out.bytes();
  }

  /** Goes on with other needles, among which are those of before. */
  use(automaton: Automaton): void {
    // The first bytes of a needle that has begun may be masked and gone already, as part of another one.
    const from = Math.min(this.#start, this.#end - this.#automaton.depth(this.#state));
    const held = Uint8Array.from({ length: this.#end - from }, (_, i) => this.#at(from + i));
    this.#automaton = automaton;
    this.#ring = new Uint8Array(ringSize(automaton));
    this.#state = START;
    this.#end = from;
    this.#spans = [];
    this.#first = 0;
    for (const byte of held) this.#put(byte);
  }

  #take(byte: number, out: Output): void {
    this.#put(byte);
    this.#release(out);
  }

  #put(byte: number): void {
    this.#ring[this.#end & (this.#ring.length - 1)] = byte;
    this.#end += 1;
    this.#state = this.#automaton.next(this.#state, byte);
    const found = this.#automaton.found(this.#state);
    if (found > 0 && this.#end > this.#start)
      this.#cover({ start: Math.max(this.#start, this.#end - found), end: this.#end });
  }

  /** Each span is added once and taken away once, so all of it costs no more than the text is long. */
  #cover(span: Span): void {
    let { start } = span;
    while (this.#spans.length > this.#first) {
      const last = this.#spans.at(-1);
      if (last === undefined || last.end < start) break;
      start = Math.min(start, last.start);
      this.#spans.pop();
    }
    this.#spans.push({ start, end: span.end });
  }

  /** A byte is decided when it has to be masked, or when no needle that has begun reaches back to it. */
  #release(out: Output): void {
    const undecided = this.#end - this.#automaton.depth(this.#state);
    while (this.#start < this.#end) {
      const span = this.#spans[this.#first];
      if (span !== undefined && span.start <= this.#start) {
        if (!this.#isMasking) out.add(MASK);
        this.#isMasking = true;
        this.#start = span.end;
        this.#first += 1;
        continue;
      }
      const until = Math.min(undecided, span?.start ?? this.#end);
      if (this.#start >= until) break;
      this.#isMasking = false;
      while (this.#start < until) out.addByte(this.#at(this.#start++));
    }
    if (this.#first * 2 >= this.#spans.length) {
      this.#spans.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** For text in which no needle begins, while nothing is held back. */
  #pass(bytes: Uint8Array, out: Output): void {
    out.add(bytes);
    this.#isMasking = false;
    this.#start += bytes.length;
    this.#end = this.#start;
  }

  #at(position: number): number {
    return this.#ring[position & (this.#ring.length - 1)] ?? 0;
  }
}

/** A power of two, with room for one byte more than is ever held back. */
function ringSize({ longest }: Automaton): number {
  return 2 ** Math.ceil(Math.log2(longest + 2));
}

/** Grows only with what is put in: a chunk of which all is held back costs no memory here, however much is held back already. */
class Output {
  #bytes: Buffer;
  #length = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  add(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  addByte(byte: number): void {
    this.#grow(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(by: number): void {
    if (this.#length + by <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + by));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
