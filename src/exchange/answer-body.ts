// Reads the body of an answer, whole or line by line.
import type { IncomingMessage } from 'node:http';
import { chunksOf, type Deadline } from './exchange.ts';
import { Malformed } from './shapes.ts';

/** In bytes: more than any answer has, and less than the longest text that Node.js can hold. */
const LARGEST_ANSWER = 500 * 1024 * 1024;
/** In bytes: more than any line of an audit trail has. */
const LONGEST_LINE = 1024 * 1024;
const LINE_FEED = 10;

/** `text` is the JSON, and `value` what it parses to. */
export type Body = { isJson: boolean; value?: unknown; text?: string };

/** undefined where the text is not JSON: no shape takes that. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of an answer, put together from the pieces in which it comes. Fails with Unanswered, or with Malformed. */
export async function* linesOf(
  response: IncomingMessage,
  deadline: Deadline,
): AsyncGenerator<string> {
  const line = new Line();
  for await (const chunk of chunksOf(response, deadline)) {
    // The time that the reader of the lines takes does not count as the server's.
    deadline.end();
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end));
      yield line.take();
      from = end + 1;
    }
    line.add(chunk.subarray(from));
    deadline.begin();
  }
  yield line.take();
}

/** A line of which pieces have come. They are joined once, at its end: joined one by one, each would be copied again and again. */
class Line {
  #pieces: Buffer[] = [];
  #length = 0;

  /** Fails with Malformed. */
  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > LONGEST_LINE) throw new Malformed();
    if (piece.length > 0) this.#pieces.push(piece);
  }

  take(): string {
    const text = Buffer.concat(this.#pieces).toString();
    this.#pieces = [];
    this.#length = 0;
    return text;
  }
}

/** The whole body. Fails with Unanswered. */
export async function bodyOf(response: IncomingMessage, deadline: Deadline): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(response, deadline)) {
    length += chunk.length;
    if (length > LARGEST_ANSWER) {
      response.destroy();
      return { isJson: false };
    }
    chunks.push(chunk);
  }
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers['content-type'] ?? ''))
    return { isJson: false };
  const text = Buffer.concat(chunks).toString();
  const value = parseJson(text);
  return value === undefined ? { isJson: false } : { isJson: true, value, text };
}
