// The connectors that are deployed: in which state they are, and what the rules find in their configurations.
import { compare } from '../../domain/compare.ts';
import type { Connector } from '../../connect/worker-answers.ts';
import { count } from '../../domain/count.ts';
import { scanReferences } from '../../domain/reference.ts';
import { shellWord } from '../../domain/shell-word.ts';
import type { Diagnostic } from '../../validator/diagnostic.ts';
import type { Fact } from '../sections.ts';
import { taskFacts, type Tasks } from './task-facts.ts';

export type Connectors = ReadonlyMap<string, Connector>;

/** On the worker at these addresses, with commas between them. */
export interface OnWorker {
  addresses: string;
  connectors: Connectors;
  tasks: Tasks;
}

/** One for each connector, more where more is wrong with it. */
export function connectorFacts(
  { addresses, connectors, tasks }: OnWorker,
  diagnostics: readonly Diagnostic[],
  providers: readonly string[],
): Fact[] {
  if (connectors.size === 0)
    return [{ name: 'none', state: 'ok', text: 'no connector is deployed' }];
  const facts: Fact[] = [];
  for (const [name, connector] of [...connectors].sort(([a], [b]) => compare(a, b))) {
    const found = diagnostics.filter((one) => one.connector === name).map(findingFact);
    found.push(...taskFacts(name, connector.config, tasks.get(name) ?? [], providers));
    const broken = brokenUnits(connector);
    if (broken.length > 0) facts.push(brokenFact(name, broken, addresses));
    else if (found.length === 0) facts.push(rightFact(name, connector, providers));
    facts.push(...found);
  }
  return facts;
}

/** The paths that the connectors refer to, in order. */
export function referredPaths(connectors: Connectors, providers: readonly string[]): string[] {
  const references = [...connectors.values()].flatMap((one) => referencesOf(one, providers));
  return [...new Set(references.map(({ path }) => path))].sort();
}

function referencesOf({ config }: Connector, providers: readonly string[]) {
  return [...config.values()]
    .flatMap((value) => scanReferences(value))
    .filter(({ provider }) => providers.includes(provider));
}

function findingFact({ connector = '', severity, message, rule, hint }: Diagnostic): Fact {
  const text = `${message} [${rule}]`;
  return {
    name: connector,
    state: severity === 'error' ? 'fail' : 'warn',
    text: hint === undefined ? text : `${text}; hint: ${hint}`,
  };
}

/** A worker leaves what it cannot read the secrets of in the midst of a restart RESTARTING for ever. */
const BROKEN: ReadonlySet<string> = new Set(['FAILED', 'UNASSIGNED', 'RESTARTING']);

function brokenUnits({ state, workerId, tasks }: Connector): string[] {
  const own = BROKEN.has(state) ? [`${state} on ${workerId}`] : [];
  const broken = tasks.filter((task) => BROKEN.has(task.state));
  return [...own, ...broken.map((task) => `task ${task.id} ${task.state} on ${task.workerId}`)];
}

/** Traces hold values, and stay where they are. */
function brokenFact(name: string, broken: readonly string[], addresses: string): Fact {
  return {
    name,
    state: 'fail',
    text: `${broken.join(', ')}: the log of that worker says why; hint: secretreg connect sync --connect ${shellWord(addresses)}    (restarts it)`,
  };
}

function rightFact(name: string, connector: Connector, providers: readonly string[]): Fact {
  const { state, tasks } = connector;
  const references = referencesOf(connector, providers).length;
  const text = `${state}, ${count(tasks.length, 'task')}, ${count(references, 'reference')}`;
  return { name, state: 'ok', text };
}
