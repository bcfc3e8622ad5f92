// Facts about the topics and their cluster, for an operator who asks. A fact that cannot be found out is reported as such, and
// the others are not lost with it.
import { count } from '../../domain/count.ts';
import { hasCode } from '../../errors.ts';
import type { Residue, StoreFact } from '../store.ts';
import { aclLines, type Grant, type Role } from './acls.ts';
import type { Connection } from './connection.ts';
import { readersFacts, transactionFacts } from './permissions.ts';
import { type TopicCheck, topicConfig } from './topic-check.ts';
import {
  copiesFact,
  replacedFact,
  replacedIn,
  replacedText,
  undecidedFact,
} from './topic-state.ts';
import type { Topics } from './topics.ts';

export interface Inspection {
  connection: Connection;
  topics: Topics;
  check: TopicCheck;
  grant: Grant;
  now: Date;
  /** How many offsets have yet to be read here; undefined where the topic was not opened. */
  lag: (() => Promise<number>) | undefined;
  /** Each call has a deadline of its own. Fails with store-unavailable. */
  untilDeadline(work: () => Promise<StoreFact[]>): Promise<StoreFact[]>;
}

export async function clusterFacts(inspection: Inspection): Promise<StoreFact[]> {
  const { connection, topics, check, grant, now, lag } = inspection;
  const orWhyNot = async (name: string, work: () => Promise<StoreFact[]>) => {
    try {
      return await inspection.untilDeadline(work);
    } catch (error) {
      if (!hasCode(error, 'store-unavailable')) throw error;
      const { reason } = error.params;
      const hint = error.hint === undefined ? '' : `; hint: ${error.hint}`;
      const text = `cannot be found out: ${reason}${hint}`;
      return [{ name, state: 'warn', text } satisfies StoreFact];
    }
  };
  const one = (name: string, work: () => Promise<StoreFact>) =>
    orWhyNot(name, async () => [await work()]);
  const facts = await Promise.all([
    orWhyNot('topic settings', () => check.facts()),
    one('copies', () => copiesFact(connection, topics.records)),
    one('copies', () => copiesFact(connection, topics.audit)),
    one('last stable offset', () => undecidedFact(connection, topics.records, now)),
    one('last stable offset', () => undecidedFact(connection, topics.audit, now)),
    lag === undefined ? [] : one('lag', async () => lagFact(topics.records, await lag())),
    one('old ciphertext', () => replacedFact(connection, topics.records, now)),
    orWhyNot('transactions', () => transactionFacts(connection)),
    orWhyNot('who may read', () => readersFacts(connection, topics)),
  ]);
  return [
    ...facts.flat(),
    ...ROLES.flatMap(([name, role]) => rightsFacts(name, aclLines(topics, role, grant))),
  ];
}

/** Always `ok`: a process that works on the registry reads so far before it answers. */
function lagFact(topic: string, offsets: number): StoreFact {
  const text = `${count(offsets, 'offset')} of ${topic} decided and not read here yet`;
  return { name: 'lag', state: 'ok', text };
}

const ROLES = [
  ['a reader needs', 'reader'],
  ['a writer needs', 'writer'],
  ['an auditor needs', 'auditor'],
  ['init needs', 'init'],
] as const satisfies readonly (readonly [string, Role])[];

/** The lines to paste that give the fewest rights with which the role can work. */
function rightsFacts(name: string, lines: readonly string[]): StoreFact[] {
  return lines.map((text) => ({ name, state: 'ok', text }));
}

/** What is left of replaced records, and until when. */
export async function residueIn(connection: Connection, topic: string): Promise<Residue> {
  const config = await topicConfig(await connection.leader(topic), topic);
  const replaced = await replacedIn(connection, topic);
  if (replaced.count === 0) return { gone: true, text: '' };
  return { gone: false, text: replacedText(topic, replaced, config).text };
}
