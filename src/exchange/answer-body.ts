// The body of an answer, taken as it comes.
import type { IncomingMessage } from 'node:http';
import { chunksOf, type Deadline } from './exchange.ts';

/** More than any answer has. */
const LARGEST_ANSWER = 512 * 1024 * 1024;

/** `value` is what the JSON says, and `text` the JSON. */
export type Body = { isJson: boolean; value?: unknown; text?: string };

/** Undefined where it is not JSON, which no shape takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines, whatever pieces they come in. */
export async function* linesOf(
  response: IncomingMessage,
  deadline: Deadline,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(response, deadline)) {
    // The time that whoever takes the lines needs is not the server's.
    deadline.end();
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
    deadline.begin();
  }
  if (rest !== '') yield rest;
}

/** Whole. Fails with Unanswered. */
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
