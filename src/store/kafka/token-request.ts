// One HTTP request to a token server, with a limit on time and size. It does not follow a redirect, which would carry
// the credentials elsewhere, and its faults hold nothing of what was sent or answered.
import type { IncomingMessage } from 'node:http';
import { TokenFault } from './bearer-tokens.ts';

export interface TokenRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  ca: string[] | undefined;
  timeoutMs: number;
}

/** A token with everything around it is a few kilobytes. */
const MOST_BYTES = 256 * 1024;

/** The answer's JSON object. Fails with TokenFault. */
export async function requestToken(request: TokenRequest): Promise<Record<string, unknown>> {
  const { status, text } = await send(request);
  const place = placeOf(request.url);
  if (status >= 300 && status < 400)
    throw new TokenFault(`${place} answered with a redirect (${status}), which is not followed`);
  if (status === 401 || status === 403 || status === 400)
    throw new TokenFault(`${place} refused the credentials (${status})`, {
      hint: 'check the user and the password, or the client id, secret and scope, in kafkastore.sasl.jaas.config',
    });
  if (status !== 200)
    throw new TokenFault(`${place} answered ${status}`, {
      mayPass: status >= 500 || status === 429,
    });
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>;
  } catch {
    // Told below, without the text.
  }
  throw new TokenFault(`${place} did not answer with a JSON object`);
}

/** For people: a URL may hold credentials. */
export function placeOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

async function send(request: TokenRequest): Promise<{ status: number; text: string }> {
  const { url, method, headers, body, ca, timeoutMs } = request;
  const http = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // NODE_TLS_REJECT_UNAUTHORIZED=0 does not count.
      const checked = { rejectUnauthorized: true, ...(ca && { ca }) };
      const options = { method, headers, signal, agent: false, ...checked };
      http.request(url, options, resolve).on('error', reject).end(body);
    });
    return { status: response.statusCode ?? 0, text: await textOf(response) };
  } catch (error) {
    if (error instanceof TokenFault) throw error;
    const { code = 'no reason' } = error as { code?: string | number };
    const why = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : code;
    throw new TokenFault(`no token could be had from ${placeOf(url)} (${why})`, { mayPass: true });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new TokenFault('the answer of the token server is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
