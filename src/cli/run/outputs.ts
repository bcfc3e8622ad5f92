// The output of the command on its way to ours, with the secrets taken out. What cannot be written any more is not read
// either: a reader that is slow slows the command, and one that has gone ends it as it would have without us (SIGPIPE).
import type { ChildProcess } from 'node:child_process';
import { Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { nodeCodeOf } from '../../errors.ts';
import type { SecretValue } from '../../domain/secret-value.ts';
import { reasonOf } from '../system-reason.ts';
import { Automaton } from './automaton.ts';
import { Masker } from './masker.ts';
import { needlesOf } from './needles.ts';
import { closeWriters, makePipes } from './pipes.ts';

interface Streams {
  stdout: Writable;
  stderr: Writable;
}

export class MaskedOutputs {
  readonly #streams: Streams;
  /** A note for the person. */
  readonly #tell: (text: string) => void;
  readonly #needles = new Map<string, Buffer>();
  #automaton = new Automaton([]);
  readonly #maskers = new Set<Masker>();
  readonly #open = new Map<Readable, Promise<void>>();

  constructor(streams: Streams, tell: (text: string) => void) {
    this.#streams = streams;
    this.#tell = tell;
    // Each pipeline reports the error by itself; one that comes while there is no pipeline must not end us.
    for (const stream of [streams.stdout, streams.stderr]) stream.on('error', () => undefined);
  }

  /** Masks these values too from now on. Those of before stay masked: the command may still print them. */
  mask(values: Iterable<SecretValue>, contents: Iterable<Buffer>): void {
    for (const needle of needlesOf(values, contents))
      this.#needles.set(needle.toString('latin1'), needle);
    this.#automaton = new Automaton(this.#needles.values());
    for (const masker of this.#maskers) masker.use(this.#automaton);
  }

  /** Starts a process whose outputs pass through here. */
  start(spawn: (stdio: [number | 'pipe', number | 'pipe']) => ChildProcess): ChildProcess {
    const pipes = makePipes(2) ?? [];
    const [out, err] = pipes;
    if (out !== undefined) this.#take(out.read, this.#streams.stdout);
    if (err !== undefined) this.#take(err.read, this.#streams.stderr);
    try {
      const child = spawn([out?.write ?? 'pipe', err?.write ?? 'pipe']);
      if (child.stdout !== null) this.#take(child.stdout, this.#streams.stdout);
      if (child.stderr !== null) this.#take(child.stderr, this.#streams.stderr);
      return child;
    } finally {
      closeWriters(pipes);
    }
  }

  /** Resolves when all output is written, also that of what the command has started. */
  async ended(): Promise<void> {
    await Promise.all(this.#open.values());
  }

  /** Closes the outputs that are still open: whoever writes to one gets an error. */
  close(): void {
    for (const stream of this.#open.keys()) stream.destroy();
  }

  #take(from: Readable, to: Writable): void {
    this.#open.set(from, this.#pass(from, to));
  }

  async #pass(from: Readable, to: Writable): Promise<void> {
    const masker = new Masker(this.#automaton);
    this.#maskers.add(masker);
    try {
      await pipeline(from, masking(masker), to, { end: false });
    } catch (error) {
      if (!isGone(error)) this.#tell(`the output of the command is lost: ${reasonOf(error)}`);
    } finally {
      this.#maskers.delete(masker);
      this.#open.delete(from);
    }
  }
}

function masking(masker: Masker): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, masker.write(chunk)),
    flush: (done) => done(null, masker.end()),
  });
}

/** The reader has gone, or we have closed it. */
function isGone(error: unknown): boolean {
  const code = nodeCodeOf(error);
  return (
    code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ERR_STREAM_DESTROYED'
  );
}
