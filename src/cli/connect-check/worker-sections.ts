// What each worker says of itself. Several addresses are of one group, whose workers must all have the same plugins: a
// connector runs on any of them.
import type { About, Plugin } from '../../connect/worker-answers.ts';
import type { ConnectWorker } from '../../connect/worker.ts';
import { count } from '../../domain/count.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { type Fact, faultFact, type Section } from '../sections.ts';
import { probe, probeFacts } from './probes.ts';

export async function workerSections(
  worker: ConnectWorker,
  providers: readonly string[],
): Promise<Section[]> {
  const seen: WorkerSeen[] = [];
  for (const one of worker.each()) {
    try {
      seen.push(await look(one, providers));
    } finally {
      one.close();
    }
  }
  return seen.map((one) => ({
    name: `worker ${one.place}`,
    facts: [...one.facts, ...groupFacts(one, seen)],
  }));
}

export interface WorkerSeen {
  place: string;
  about?: About;
  /** Source and sink connectors. */
  classes?: readonly string[];
  facts: Fact[];
}

async function look(worker: ConnectWorker, providers: readonly string[]): Promise<WorkerSeen> {
  const { place } = worker;
  const seen: WorkerSeen = { place, facts: [] };
  try {
    const about = await worker.about();
    seen.about = about;
    seen.facts.push(aboutFact(about));
    const classes = connectorClasses(await worker.plugins());
    seen.classes = classes;
    seen.facts.push(classesFact(classes));
    const [first] = classes;
    if (first !== undefined) seen.facts.push(...(await pluginFacts(worker, first, providers)));
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    seen.facts.push(faultFact(error));
  }
  return seen;
}

async function pluginFacts(
  worker: ConnectWorker,
  className: string,
  providers: readonly string[],
): Promise<Fact[]> {
  try {
    return probeFacts(await probe(worker, className, providers));
  } catch (error) {
    if (!hasCode(error, 'worker-not-allowed', 'worker-log-in-refused')) throw error;
    // Such as by rest.authorize: the probes are asked for by a connector that others may not configure.
    const { state, text } = faultFact(error, 'warn');
    return [{ name: 'plugin', state, text: `what it does was not seen: ${text}` }];
  }
}

/** What differs from the other workers of the group. */
export function groupFacts(one: WorkerSeen, all: readonly WorkerSeen[]): Fact[] {
  const facts: Fact[] = [];
  const [first] = all;
  const { about, classes } = one;
  if (about && first?.about && about.kafkaClusterId !== first.about.kafkaClusterId)
    facts.push({
      name: 'group',
      state: 'fail',
      text: `it works with Kafka cluster ${about.kafkaClusterId}, and the worker at ${first.place} with ${first.about.kafkaClusterId}: they are of two groups`,
    });
  if (classes === undefined) return facts;
  for (const other of all) {
    const lacking = (other.classes ?? []).filter((name) => !classes.includes(name));
    if (lacking.length > 0)
      facts.push({
        name: 'plugins',
        state: 'fail',
        text: `it lacks ${lacking.join(', ')}, which the worker at ${other.place} has: a connector that moves here fails`,
      });
  }
  return facts;
}

function aboutFact({ version, kafkaClusterId }: About): Fact {
  return {
    name: 'reachable',
    state: 'ok',
    text: `Kafka Connect ${version}, Kafka cluster ${kafkaClusterId}`,
  };
}

function classesFact(classes: readonly string[]): Fact {
  const name = 'connector plugins';
  if (classes.length > 0) return { name, state: 'ok', text: count(classes.length, 'plugin') };
  return {
    name,
    state: 'warn',
    text: 'none, so that the worker cannot be asked about a configuration',
  };
}

function connectorClasses(plugins: readonly Plugin[]): string[] {
  return plugins
    .filter(({ type }) => type === 'source' || type === 'sink')
    .map((plugin) => plugin.class);
}
