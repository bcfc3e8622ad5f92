// What is asked for again, and after how long.
import type { IncomingMessage } from 'node:http';
import type { Body } from '../exchange/answer-body.ts';
import type { Ask } from './connection.ts';
import { parseRefusal } from './refusals.ts';

/** Pauses before a request that changes nothing is sent again. */
export const PAUSES_MS = [100, 300, 600];
/** A server says "not ready" where another node's commit has not come yet: a matter of a second. */
const LONGEST_PAUSE_MS = 2000;
const NOT_READY = 50301;

/** Whether nothing is changed by it, however often it is sent. */
export function isSafe({ method, isSafe: said }: Ask): boolean {
  return method === 'GET' || said === true;
}

/** How long to wait before the same is asked for again; undefined where the answer is one. */
export function pauseFor(
  ask: Ask,
  { statusCode: status = 0, headers }: IncomingMessage,
  body: Body,
  pause: number | undefined,
): number | undefined {
  if (pause === undefined) return undefined;
  // A node that is not ready has done nothing, so a change may be sent to it again.
  if (body.isJson && parseRefusal(body.value)?.error_code === NOT_READY)
    return Math.min(Number(headers['retry-after']) * 1000 || pause, LONGEST_PAUSE_MS);
  const isOfProxy = !body.isJson && (status === 502 || status === 503 || status === 504);
  return isOfProxy && isSafe(ask) ? pause : undefined;
}
