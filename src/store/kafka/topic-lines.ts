// Lines for a shell that make, alter, remove or look at a topic of a registry, for an administrator to paste. `admin.properties` is how
// an administrator logs in.
import { shellWord } from '../../domain/shell-word.ts';
import type { Topics } from './topics.ts';

/** The command that makes a topic, with the settings that `init` gives it. */
export function creationLine(
  bootstrapServer: string,
  topic: string,
  replicas: number,
  config: Readonly<Record<string, string>>,
): string {
  const settings = Object.entries(config).map(([name, value]) => `--config ${name}=${value}`);
  const size = `--partitions 1 --replication-factor ${replicas}`;
  return `${kafkaTopics(bootstrapServer)} --create --topic ${shellWord(topic)} ${size} ${settings.join(' ')}`;
}

/** The command that gives a topic settings, such as `compression.type=uncompressed`. */
export function alterLine(
  bootstrapServer: string,
  topic: string,
  settings: readonly string[],
): string {
  return (
    `kafka-configs --bootstrap-server ${shellWord(bootstrapServer)} --command-config admin.properties --alter ` +
    `--entity-type topics --entity-name ${shellWord(topic)} --add-config ${settings.join(',')}`
  );
}

/** Removes both topics: one alone is of no use. */
export function deletionLine(bootstrapServer: string, { records, audit }: Topics): string {
  return [records, audit]
    .map((topic) => `${kafkaTopics(bootstrapServer)} --delete --topic ${shellWord(topic)}`)
    .join(' && ');
}

/** Shows who writes to a topic, and since which offset they have a transaction open. */
export function producersLine(bootstrapServer: string, topic: string): string {
  return (
    `kafka-transactions --bootstrap-server ${shellWord(bootstrapServer)} --command-config admin.properties ` +
    `describe-producers --topic ${shellWord(topic)} --partition 0`
  );
}

/** Shows the names of all topics. */
export function listingLine(bootstrapServer: string): string {
  return `${kafkaTopics(bootstrapServer)} --list`;
}

function kafkaTopics(bootstrapServer: string): string {
  return `kafka-topics --bootstrap-server ${shellWord(bootstrapServer)} --command-config admin.properties`;
}
