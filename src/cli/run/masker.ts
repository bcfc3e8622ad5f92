// Takes secrets out of a stream of bytes, wherever its chunks end. Pure. Each byte that belongs to an occurrence of a
// needle goes, also where two of them overlap, and what stands side by side is one `***`. Only bytes that may yet turn out
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
  /** A ring, of a power of two: what is held back, from `#start` to `#end`. */
  #ring: Uint8Array;
  #start = 0;
  #end = 0;
  /** What has to be masked of the bytes that are held back, in their order, apart from each other; those before `#first` are done. */
  #spans: Span[] = [];
  #first = 0;
  #isMasking = false;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#ring = new Uint8Array(ringSize(automaton));
  }

  /** What can be said of the text with this chunk. */
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

  /** What is left when the text has ended: the beginning of a needle is none. */
  end(): Buffer {
    const out = new Output(this.#end - this.#start);
    this.#state = START;
    this.#release(out);
    this.#isMasking = false;
    return out.bytes();
  }

  /** From here on with other needles, among which are those of before. */
  use(automaton: Automaton): void {
    // Of a needle that has begun the first bytes may be masked already, as part of another one.
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

  /** Text in which no needle begins, where nothing is held back. */
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

/** One byte more than is ever held back. */
function ringSize({ longest }: Automaton): number {
  return 2 ** Math.ceil(Math.log2(longest + 2));
}

/** Grows with what is put in: of a byte that is held back nothing is, however much is held back already. */
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
