// Lines for a shell that remove a topic of a registry, for an administrator to paste. `admin.properties` is how
// an administrator logs in.
import { shellWord } from '../../domain/shell-word.ts';
import type { Topics } from './topics.ts';

/** Both: what is left of one alone is of no use. */
export function deletionLine(bootstrapServer: string, { records, audit }: Topics): string {
  return [records, audit]
    .map((topic) => `${kafkaTopics(bootstrapServer)} --delete --topic ${shellWord(topic)}`)
    .join(' && ');
}

function kafkaTopics(bootstrapServer: string): string {
  return `kafka-topics --bootstrap-server ${shellWord(bootstrapServer)} --command-config admin.properties`;
}
