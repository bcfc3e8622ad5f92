// References in what connectors gave their tasks. A worker resolves those too, and no rule is applied there: who can have a
// connector read a text such as the name of a consumer group can have its tasks get the secrets of another connector.
import type { TaskConfig } from '../../connect/worker-answers.ts';
import type { ConnectWorker } from '../../connect/worker.ts';
import { scanReferences } from '../../domain/reference.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { type Fact, faultFact } from '../sections.ts';
import type { Connectors } from './connector-facts.ts';

/** By connector; a fault where its tasks are not shown, such as to who may not see them. */
export type Tasks = ReadonlyMap<string, readonly TaskConfig[] | SecretregError>;

/** Fails with worker-unreachable. */
export async function tasksOf(
  worker: Pick<ConnectWorker, 'taskConfigs' | 'isThere'>,
  connectors: Connectors,
): Promise<Tasks> {
  const tasks = new Map<string, readonly TaskConfig[] | SecretregError>();
  for (const name of connectors.keys()) {
    try {
      tasks.set(name, await worker.taskConfigs(name));
    } catch (error) {
      if (!(error instanceof SecretregError)) throw error;
      if (hasCode(error, 'worker-unreachable') && !(await worker.isThere())) throw error;
      tasks.set(name, error);
    }
  }
  return tasks;
}

/** One for each setting and path, in how many tasks it may be. No text of a setting is shown. */
export function taskFacts(
  name: string,
  config: ReadonlyMap<string, string>,
  tasks: readonly TaskConfig[] | SecretregError,
  providers: readonly string[],
): Fact[] {
  if (tasks instanceof SecretregError) {
    const { text } = faultFact(tasks);
    return [{ name, state: 'warn', text: `what it gave its tasks was not seen: ${text}` }];
  }
  const texts = new Set<string>();
  for (const [setting, value] of tasks.flatMap((task) => [...task])) {
    // What the connector's own configuration has there is told by the rules.
    const told = pathsIn(config.get(setting) ?? '', providers);
    for (const path of pathsIn(value, providers))
      if (path !== name && !told.has(path)) texts.add(foreignText(setting, path));
  }
  return [...texts].map((text) => ({ name, state: 'fail', text }));
}

function pathsIn(text: string, providers: readonly string[]): Set<string> {
  const ours = scanReferences(text).filter(({ provider }) => providers.includes(provider));
  return new Set(ours.map(({ path }) => path));
}

function foreignText(setting: string, path: string): string {
  return `'${setting}' of its tasks, which is not so in its own configuration, refers to path '${path}': the tasks get that secret, since no rule is applied to what a connector gives them; hint: stop the connector, look where it has that text from, such as the name of a consumer group, and rotate the secrets of that path`;
}
