// What the cluster allows: its settings for transactions, and who else may read the topic.
import type { StoreFact } from '../store.ts';
import { count } from '../../domain/count.ts';
import { TRANSACTION_TIMEOUT_MS } from './claim.ts';
import type { Connection } from './connection.ts';
import { codeOf, verdictOf } from './failure.ts';
import type { AclEntry } from './kafkajs-internals.ts';
import { type Config, configOf, topicConfig } from './topic-check.ts';
import { type Copies, copiesText, judgeCopies } from './topic-state.ts';
import { describeTopic, type Topics, TRANSACTION_STATE as STATE } from './topics.ts';

const BROKER_RESOURCE = 4;

export async function transactionFacts(connection: Connection): Promise<StoreFact[]> {
  const { brokers } = await (await connection.anyBroker()).metadata([]);
  const nodeId = brokers[0]?.nodeId ?? -1;
  const name = 'transactions';
  try {
    const broker = await connection.node(nodeId);
    const config = await configOf(broker, { type: BROKER_RESOURCE, name: String(nodeId) });
    return [await transactionFact(connection, config, brokers.length), ...authorizerFacts(config)];
  } catch (error) {
    if (verdictOf(error) !== 'rejected') throw error;
    const text =
      "the cluster's settings for transactions cannot be seen: this user may not describe the cluster and __transaction_state (DescribeConfigs)";
    return [{ name, state: 'warn', text }];
  }
}

/**
 * Judges the topic __transaction_state, which keeps what it was made with. Where the first transaction has yet to make it, the
 * settings are judged.
 */
async function transactionFact(
  connection: Connection,
  config: Config,
  brokers: number,
): Promise<StoreFact> {
  const name = 'transactions';
  const timeout = 'transaction.max.timeout.ms';
  const longest = Number(config.get(timeout));
  const copies = await copiesOfState(connection);
  const { text, state, why } =
    copies === undefined
      ? judgeSettings(config, brokers)
      : { text: `${STATE} ${copiesText(copies)}`, ...judgeCopies(copies) };
  const all = `${why === '' ? text : `${text}: ${why}`}; ${timeout} is ${longest}`;
  if (longest >= TRANSACTION_TIMEOUT_MS) return { name, state, text: all };
  const short = `a writer asks for a timeout of ${TRANSACTION_TIMEOUT_MS}`;
  return { name, state: 'fail', text: `${all}: ${short}` };
}

/** Of the partition that is worst off; undefined while the topic is not there. */
async function copiesOfState(connection: Connection): Promise<Copies | undefined> {
  const partitions = (await describeTopic(connection, STATE))?.partitionMetadata ?? [];
  if (partitions.length === 0) return undefined;
  const config = await topicConfig(await connection.anyBroker(), STATE);
  return {
    all: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    inSync: Math.min(...partitions.map(({ isr }) => isr.length)),
    least: Number(config.get('min.insync.replicas')),
  };
}

function judgeSettings(config: Config, brokers: number) {
  const all = Number(config.get('transaction.state.log.replication.factor'));
  const least = Number(config.get('transaction.state.log.min.isr'));
  const text = `${STATE} is not there yet; transaction.state.log.replication.factor is ${all}, transaction.state.log.min.isr ${least}`;
  if (all > brokers) {
    const why = `with ${count(brokers, 'broker')} no transaction can begin, and nothing can be written`;
    return { text, state: 'fail', why } as const;
  }
  return { text, ...judgeCopies({ all, inSync: all, least }) };
}

function authorizerFacts(config: Config): StoreFact[] {
  if ((config.get('authorizer.class.name') ?? '') !== '') return [];
  const text =
    'the cluster has no authorizer: whoever can connect may read the topic (sealed values and plain names), write to it and delete it';
  return [{ name: 'who may read', state: 'warn', text }];
}

const SECURITY_DISABLED = 54;
const ANY = 1;
const MATCH = 2;
const TOPIC = 2;
const DENY = 2;
const ALLOW = 3;
/** Kafka's AclOperation. */
const ALL = 2;
const READING = new Map([[3, 'Read']]);
const CHANGING = new Map([
  [4, 'Write'],
  [6, 'Delete'],
  [7, 'Alter'],
  [11, 'AlterConfigs'],
]);

/** The principals that the cluster lets read the topics, and those that it lets write to them, delete or alter them. */
export async function readersFacts(connection: Connection, topics: Topics): Promise<StoreFact[]> {
  const facts: StoreFact[] = [];
  for (const topic of [topics.records, topics.audit]) {
    const name = `who may read ${topic}`;
    try {
      const entries = await aclsOf(connection, topic);
      facts.push({ name, ...whoMay(READING, entries) });
      facts.push({ name: `who may change ${topic}`, ...whoMay(CHANGING, entries) });
    } catch (error) {
      // The cluster has no authorizer, which authorizerFacts says.
      if (codeOf(error) === SECURITY_DISABLED) return facts;
      if (verdictOf(error) !== 'rejected') throw error;
      const text =
        'cannot be seen, nor who may change it: this user may not describe the ACLs (Describe on the cluster)';
      return [...facts, { name, state: 'warn', text }];
    }
  }
  return facts;
}

function whoMay(
  operations: ReadonlyMap<number, string>,
  entries: readonly AclEntry[],
): Pick<StoreFact, 'state' | 'text'> {
  const about = entries.filter(({ operation }) => operation === ALL || operations.has(operation));
  const denied = about.filter(({ permissionType }) => permissionType === DENY);
  const allowed = about.filter(
    (one) =>
      one.permissionType === ALLOW &&
      [...operations.keys()].some((operation) => allows(one, operation, denied)),
  );
  const list = (some: readonly AclEntry[]) => {
    const told = some.map(({ principal, host, operation }) => {
      const from = host === '*' ? '' : ` from ${host}`;
      return `${principal} (${operations.get(operation) ?? 'All'}${from})`;
    });
    return [...new Set(told)].sort().join(', ');
  };
  const may =
    allowed.length === 0
      ? 'by ACL nobody; superusers of the cluster may, and everybody where allow.everyone.if.no.acl.found is true and no ACL names the topic'
      : `${list(allowed)}, and superusers of the cluster`;
  return {
    state: allowed.some(({ principal }) => principal === 'User:*') ? 'warn' : 'ok',
    text: denied.length === 0 ? may : `${may}; denied: ${list(denied)}`,
  };
}

/** A denial counts, whatever else allows. An entry that is denied for some of its users or hosts still allows the others. */
function allows(entry: AclEntry, operation: number, denied: readonly AclEntry[]): boolean {
  if (entry.operation !== ALL && entry.operation !== operation) return false;
  return !denied.some(
    (deny) =>
      (deny.operation === ALL || deny.operation === operation) &&
      (deny.principal === 'User:*' || deny.principal === entry.principal) &&
      (deny.host === '*' || deny.host === entry.host),
  );
}

async function aclsOf(connection: Connection, topic: string): Promise<AclEntry[]> {
  const broker = await connection.anyBroker();
  const { resources } = await broker.describeAcls({
    resourceType: TOPIC,
    resourceName: topic,
    resourcePatternType: MATCH,
    principal: null,
    host: null,
    operation: ANY,
    permissionType: ANY,
  });
  return resources.flatMap(({ acls }) => acls);
}
