// Where partition 0 of a topic begins and ends.
import type { Connection } from './connection.ts';

const LATEST = -1;
export const EARLIEST = -2;

/** The offset behind the last record: of those that are decided, or of all. */
export function endOf(
  connection: Connection,
  topic: string,
  isolationLevel: number,
): Promise<number> {
  return offsetAt(connection, topic, isolationLevel, LATEST);
}

/** The offset of the first record of this time or later, −1 where there is none. `timestamp` may be EARLIEST or LATEST too. */
export async function offsetAt(
  connection: Connection,
  topic: string,
  isolationLevel: number,
  timestamp: number,
): Promise<number> {
  const leader = await connection.leader(topic);
  const { responses } = await leader.listOffsets({
    isolationLevel,
    topics: [{ topic, partitions: [{ partition: 0, timestamp }] }],
  });
  return Number(responses[0]?.partitions[0]?.offset ?? 0);
}
