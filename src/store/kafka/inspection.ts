// What an operator who asks is told of the topics and their cluster.
import type { Residue, StoreFact } from '../store.ts';
import { aclLines, type Grant, type Role } from './acls.ts';
import type { Connection } from './connection.ts';
import { readersFacts, transactionFacts } from './permissions.ts';
import { topicConfig } from './topic-check.ts';
import {
  copiesFact,
  replacedFact,
  replacedIn,
  replacedText,
  undecidedFact,
} from './topic-state.ts';
import type { Topics } from './topics.ts';

export async function clusterFacts(
  connection: Connection,
  topics: Topics,
  { now, grant }: { now: Date; grant: Grant },
): Promise<StoreFact[]> {
  const leader = await connection.leader(topics.records);
  const config = await topicConfig(leader, topics.records);
  const auditConfig = await topicConfig(leader, topics.audit);
  return [
    await copiesFact(connection, topics.records, config),
    await copiesFact(connection, topics.audit, auditConfig),
    await undecidedFact(connection, topics.records, now),
    await undecidedFact(connection, topics.audit, now),
    await replacedFact(connection, topics, config, now),
    ...(await transactionFacts(connection)),
    ...(await readersFacts(connection, topics)),
    ...ROLES.flatMap((role) => rightsFacts(topics, role, grant)),
  ];
}

const ROLES = ['reader', 'writer'] as const satisfies readonly Role[];

/** The least that lets somebody work, to paste. */
function rightsFacts(topics: Topics, role: Role, grant: Grant): StoreFact[] {
  return aclLines(topics, role, grant).map((text) => {
    return { name: `a ${role} needs`, state: 'ok', text };
  });
}

/** What is left of replaced records, and until when. */
export async function residueIn(connection: Connection, topic: string): Promise<Residue> {
  const config = await topicConfig(await connection.leader(topic), topic);
  const replaced = await replacedIn(connection, topic);
  if (replaced.count === 0) return { gone: true, text: '' };
  return { gone: false, text: replacedText(topic, replaced, config).text };
}
