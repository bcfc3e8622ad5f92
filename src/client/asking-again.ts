// Which requests are sent again, and after how long.
import type { IncomingMessage } from 'node:http';
import type { Body } from '../exchange/answer-body.ts';
import type { Ask } from './connection.ts';
import { parseRefusal } from './refusals.ts';

/** Pauses before a request that changes nothing is sent again. */
export const PAUSES_MS = [100, 300, 600];
/** A server is "not ready" where a commit of another node has not reached it yet, which takes about a second. */
const LONGEST_PAUSE_MS = 2000;
const NOT_READY = 50301;
/** Behind one address another node may hold the key. */
const WITHOUT_KEY = 50305;

/** Whether a request changes nothing, so that it may be sent any number of times. */
export function isSafe({ method, isSafe: said }: Ask): boolean {
  return method === 'GET' || said === true;
}

/** How long to wait before the request is sent again; undefined where the answer is to be taken. */
export function pauseFor(
  ask: Ask,
  { statusCode: status = 0, headers }: IncomingMessage,
  body: Body,
  pause: number | undefined,
): number | undefined {
  if (pause === undefined) return undefined;
  // A node that is not ready has done nothing, so a change may be sent to it again.
  const code = body.isJson ? parseRefusal(body.value)?.error_code : undefined;
  if (code === NOT_READY || code === WITHOUT_KEY)
    return Math.max(0, Math.min(Number(headers['retry-after']) * 1000 || pause, LONGEST_PAUSE_MS));
  const isOfProxy = !body.isJson && (status === 502 || status === 503 || status === 504);
  return isOfProxy && isSafe(ask) ? pause : undefined;
}
