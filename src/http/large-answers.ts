// Answers that wait for their reader. What a caller has asked for stands in memory until it is read, and a caller who reads
// nothing would fill it with answers of some megabytes each.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SecretregError } from '../errors.ts';

/** In characters of JSON. */
const LARGE = 64 * 1024;
const MOST = 128 * 1024 * 1024;
/** One caller alone keeps nobody else from their answers. */
const MOST_OF_ONE = 64 * 1024 * 1024;

/**
 * Fails with too-many-requests where so much waits already that there is no room for an answer to a GET: what a change has done
 * is told. Whoever has read all of theirs gets an answer of any length.
 */
export function largeAnswers(): (
  answer: string,
  request: Pick<FastifyRequest, 'caller' | 'method'>,
  reply: Pick<FastifyReply, 'raw'>,
) => void {
  const waiting = new Map<string, number>();
  let all = 0;
  return ({ length }, { caller, method }, { raw }) => {
    // Who has gone already tells of no end any more.
    if (length <= LARGE || raw.destroyed) return;
    const reader = caller?.principal ?? '';
    const own = waiting.get(reader) ?? 0;
    if (method === 'GET' && own > 0 && (own + length > MOST_OF_ONE || all + length > MOST))
      throw new SecretregError('too-many-requests', {
        reason: 'large answers to you wait to be read',
        retryAfter: 1,
      });
    const add = (change: number) => {
      all += change;
      const left = (waiting.get(reader) ?? 0) + change;
      if (left === 0) waiting.delete(reader);
      else waiting.set(reader, left);
    };
    add(length);
    raw.once('close', () => add(-length));
  };
}
