// Bodies longer than those of most routes, which a few routes take. Each takes many times its size in memory, so only few are
// taken at a time. An import sends its large bodies one after another.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SecretregError } from '../errors.ts';

const MOST_AT_ONCE = 4;
/** Whoever may nothing can begin a large body and not end it: the others still have room then. */
const MOST_OF_ONE = 2;

type Request = Pick<FastifyRequest, 'caller' | 'headers' | 'routeOptions'>;

/** Fails with too-many-requests where there is no room for the body, which is longer than `ordinary` bytes or may be. */
export function largeBodies(
  ordinary: number,
): (request: Request, reply: Pick<FastifyReply, 'raw'>) => void {
  const senders: string[] = [];
  return (request, { raw }) => {
    if (!isLarge(request, ordinary)) return;
    const sender = request.caller?.principal ?? '';
    const own = senders.filter((one) => one === sender);
    if (senders.length >= MOST_AT_ONCE || own.length >= MOST_OF_ONE)
      throw new SecretregError('too-many-requests', {
        reason: 'too many large bodies are being taken',
        retryAfter: 1,
      });
    // Gone while the log-in was checked: no event tells of that any more.
    if (raw.destroyed) return;
    senders.push(sender);
    raw.once('close', () => senders.splice(senders.indexOf(sender), 1));
  };
}

/** A body that does not tell its length may have any. */
function isLarge({ routeOptions, headers }: Request, ordinary: number): boolean {
  if ((routeOptions.bodyLimit ?? 0) <= ordinary) return false;
  const length = headers['content-length'];
  return length === undefined || Number(length) > ordinary;
}
