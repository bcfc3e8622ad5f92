// Reads the body of an answer, whole or line by line.
import type { IncomingMessage } from 'node:http';
import { chunksOf, type Deadline } from './exchange.ts';

/** In bytes: more than any answer has. */
const LARGEST_ANSWER = 512 * 1024 * 1024;

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

/** The lines of an answer, put together from the pieces in which it comes. */
export async function* linesOf(
  response: IncomingMessage,
  deadline: Deadline,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(response, deadline)) {
    // The time that the reader of the lines takes does not count as the server's.
    deadline.end();
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
    deadline.begin();
  }
  if (rest !== '') yield rest;
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
