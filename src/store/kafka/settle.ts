// After a broker's crash the marker that ends an answered transaction may be missing for ever (KAFKA-20734, Kafka 4.3 and
// 4.4): readers do not see the transaction, and the marker of the next writer would make it visible later, beside what
// that one decided without it. So whoever has claimed the right to write closes what stays open before reading anything.
// Since a granted claim leaves no transaction of ours open, this never hits a living one; and nobody was told that what
// is not visible was written.
import { SecretregError } from '../../errors.ts';
import type { Claim } from './claim.ts';
import type { Connection } from './connection.ts';
import { type Deadline, deadlineIn, isOver, pause } from './deadline.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from './kafkajs-internals.ts';
import { endOf } from './offsets.ts';
import { producersLine } from './topic-lines.ts';
import type { Topics } from './topics.ts';

/** How long the marker of a transaction that has ended may take. */
const SETTLE_AFTER_MS = 300;
const SETTLED_WITHIN_MS = 3000;

/** True where something had to be closed. */
export async function settle(
  connection: Connection,
  topics: Topics,
  claim: Claim,
  deadline: Deadline,
): Promise<boolean> {
  const ends = await connection.untilDeadline(deadline, () =>
    endsOf(connection, Object.values(topics)),
  );
  const open = await stillOpen(connection, ends, SETTLE_AFTER_MS, deadline);
  if (open.size === 0) return false;
  await claim.begin([...open.keys()], deadline);
  // Where only the audit topic is open the records can be read: the change was made, and its lines belong to it.
  await claim.end(open.has(topics.records) ? 'abort' : 'commit', deadline);
  const [left] = (await stillOpen(connection, open, SETTLED_WITHIN_MS, deadline)).keys();
  if (left === undefined) return true;
  const reason = `another application has a transaction open on topic ${left}`;
  const hint = `${producersLine(connection.bootstrapServer, left)}    (the one with a CurrentTransactionStartOffset has it open: docs/operations.md, "What to watch")`;
  throw new SecretregError('store-unavailable', { place: connection.place, reason }, { hint });
}

type Ends = ReadonlyMap<string, number>;

async function endsOf(connection: Connection, topics: readonly string[]): Promise<Ends> {
  const ends = await Promise.all(topics.map((topic) => endOf(connection, topic, READ_UNCOMMITTED)));
  return new Map(topics.map((topic, i) => [topic, ends[i] ?? 0]));
}

/** The topics in which something before the given end is still undecided after `withinMs`. */
async function stillOpen(
  connection: Connection,
  ends: Ends,
  withinMs: number,
  deadline: Deadline,
): Promise<Ends> {
  const limit = deadlineIn(withinMs);
  let open = [...ends];
  for (;;) {
    const stable = await connection.untilDeadline(deadline, () =>
      Promise.all(open.map(([topic]) => endOf(connection, topic, READ_COMMITTED))),
    );
    open = open.filter(([, end], i) => (stable[i] ?? 0) < end);
    if (open.length === 0 || isOver(limit) || isOver(deadline)) return new Map(open);
    await pause(10, deadline.signal);
  }
}
