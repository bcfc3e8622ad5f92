// Which rights each kind of use needs at the brokers, found by leaving each of them out (test/store/kafka-secure.test.ts),
// and the lines that grant them. Read and Write include Describe, and neither includes DescribeConfigs.
import { shellWord } from '../../domain/shell-word.ts';
import type { Access } from './authorized-operations.ts';
import type { Topics } from './topics.ts';

export type Operation = 'Create' | 'Describe' | 'DescribeConfigs' | 'Read' | 'Write';

export interface Right {
  operation: Operation;
  resource: 'topic' | 'transactional-id';
  name: string;
}

/**
 * What is done with the topics. `names`: records are read, and no value is handed out. `read`: values are handed out too, and
 * each read leaves an audit line. `append`: that line is written. `write`: records are written. `audit`: audit lines are read.
 * `inspect`: facts for an operator are found out. `create`: the topics are made.
 */
export type Purpose = 'names' | 'read' | 'append' | 'write' | 'audit' | 'inspect' | 'create';

/** `names`: validate. `reader`: get, list. `writer`: put, delete, rotate. */
export type Role = 'names' | 'reader' | 'writer' | 'auditor' | 'doctor' | 'init';

const PURPOSES: Record<Role, readonly Purpose[]> = {
  names: ['names'],
  reader: ['read'],
  writer: ['read', 'write'],
  auditor: ['read', 'audit'],
  doctor: ['inspect'],
  init: ['create', 'write'],
};

/** One for all processes on a topic: it is what keeps two of them from writing at once. */
export function transactionalIdOf({ records }: Topics): string {
  return `secretreg-${records}`;
}

export function rightsFor(purpose: Purpose, topics: Topics): Right[] {
  const topic = (name: string, operation: Operation): Right => {
    return { operation, resource: 'topic', name };
  };
  // Whoever opens a registry looks at the settings of both topics first, and every few minutes after that.
  const settings = Object.values(topics).map((name) => topic(name, 'DescribeConfigs'));
  switch (purpose) {
    case 'names':
    case 'inspect':
      return [topic(topics.records, 'Read'), topic(topics.audit, 'Describe'), ...settings];
    case 'read':
      return [topic(topics.records, 'Read'), topic(topics.audit, 'Write'), ...settings];
    case 'append':
      return [topic(topics.audit, 'Write')];
    case 'write':
      return [
        topic(topics.records, 'Write'),
        topic(topics.audit, 'Write'),
        { operation: 'Write', resource: 'transactional-id', name: transactionalIdOf(topics) },
        ...settings,
      ];
    case 'audit':
      return [topic(topics.audit, 'Read')];
    case 'create':
      return [
        topic(topics.records, 'Create'),
        topic(topics.audit, 'Create'),
        ...rightsFor('read', topics),
      ];
  }
}

/** Each right once. */
export function rightsOf(role: Role, topics: Topics): Right[] {
  const all = PURPOSES[role].flatMap((purpose) => rightsFor(purpose, topics));
  const named = all.map(
    (right) => [`${right.operation} ${right.resource} ${right.name}`, right] as const,
  );
  return [...new Map(named).values()];
}

/** The rights that are surely missing, by what a broker says of its topics. */
export function rightsThatLack(
  needed: readonly Right[],
  access: ReadonlyMap<string, Access>,
): Right[] {
  const onTopics = needed.filter(({ resource }) => resource === 'topic');
  const denied = [...access.values()].filter((one) => one === 'denied');
  // Whoever may not even know of the topics will need everything.
  if (denied.length === access.size) return onTopics;
  return onTopics.filter(({ name, operation }) => {
    const own = access.get(name) ?? 'denied';
    // Not denied where Describe is granted, which Read and Write include.
    if (own === 'denied') return operation !== 'Create' && operation !== 'DescribeConfigs';
    if (own === 'not-there') return operation === 'Create' && denied.length === 0;
    return operation !== 'Create' && !own.has(operation);
  });
}

export interface Grant {
  /** Such as `User:app`. */
  principal: string;
  /** `host:port`. */
  bootstrapServer: string;
}

/** The lines for a shell that grant what a role needs, one for each resource. */
export function aclLines(topics: Topics, role: Role, grant: Grant): string[] {
  return linesFor(rightsOf(role, topics), grant);
}

/** `admin.properties` is how an administrator logs in. */
export function linesFor(rights: readonly Right[], grant: Grant): string[] {
  const byResource = Map.groupBy(
    rights,
    ({ resource, name }) => `--${resource} ${shellWord(name)}`,
  );
  return [...byResource].map(([place, own]) => {
    const operations = new Set(own.map(({ operation }) => operation));
    if (operations.has('Read') || operations.has('Write')) operations.delete('Describe');
    return (
      `kafka-acls --bootstrap-server ${shellWord(grant.bootstrapServer)} --command-config admin.properties --add ` +
      `--allow-principal ${shellWord(grant.principal)} ${[...operations].map((one) => `--operation ${one}`).join(' ')} ${place}`
    );
  });
}
