// Brokers may let a log-in live for a time only (connections.max.reauth.ms, or the end of a token; KIP-368). It is made again
// on the same connection then. kafkajs does that 10 s before the end, while other requests are on their way: a request between
// the two halves of a log-in is refused together with it. And it would renew a session of less than 10 s with each request,
// which a broker lets nobody do within a second. So here requests wait for a log-in, and a log-in for requests.
import { hrtime } from 'node:process';
import Connection from 'kafkajs/src/network/connection.js';

/** Kafka's own clients log in again after 85 to 95 % of a session. */
const RENEWED_AT = 0.8;
/** SaslHandshake, ApiVersions and SaslAuthenticate. */
const LOGGING_IN: ReadonlySet<number> = new Set([17, 18, 36]);

/** With this, kafkajs itself renews no session that has not ended. */
export const REAUTHENTICATION_THRESHOLD_MS = 0;

const running = new WeakMap<Connection, Set<Promise<unknown>>>();
const renewals = new WeakMap<Connection, Promise<void>>();
const { send } = Connection.prototype;

/** For all connections of the process. */
export function renewSessionsAlone(): void {
  Connection.prototype.send = function sendInTurn(this: Connection, request) {
    return LOGGING_IN.has(request.request.apiKey)
      ? send.call(this, request)
      : sendAfterLogin(this, request);
  };
}

type Sent = Parameters<Connection['send']>[0];

async function sendAfterLogin(connection: Connection, request: Sent): Promise<unknown> {
  while (renewals.has(connection) || isDue(connection)) await renewed(connection);
  const answer = send.call(connection, request);
  const all = running.get(connection) ?? new Set();
  running.set(connection, all.add(answer));
  try {
    return await answer;
  } finally {
    all.delete(answer);
  }
}

function isDue({ sasl, authenticatedAt, sessionLifetime }: Connection): boolean {
  const lifetimeMs = Number(sessionLifetime.toString());
  if (!sasl || authenticatedAt === null || lifetimeMs === 0) return false;
  const [seconds, nanoseconds] = hrtime(authenticatedAt);
  return seconds * 1000 + nanoseconds / 1e6 >= lifetimeMs * RENEWED_AT;
}

/** Calls meanwhile wait for the same log-in, and fail where it fails. */
function renewed(connection: Connection): Promise<void> {
  const before = renewals.get(connection);
  if (before !== undefined) return before;
  const renewal = (async () => {
    const sent = running.get(connection);
    if (sent !== undefined) await Promise.allSettled(sent);
    connection.authenticatedAt = null;
    await connection.authenticate();
  })().finally(() => renewals.delete(connection));
  renewals.set(connection, renewal);
  return renewal;
}
