// The connectors that are deployed: in which state they are, and what the rules find in their configurations.
import type { Connector } from '../../connect/worker-answers.ts';
import { count } from '../../domain/count.ts';
import { scanReferences } from '../../domain/reference.ts';
import type { Diagnostic } from '../../validator/diagnostic.ts';
import type { Fact } from '../sections.ts';

export type Connectors = ReadonlyMap<string, Connector>;

/** One for each connector, more where more is wrong with it. */
export function connectorFacts(
  connectors: Connectors,
  diagnostics: readonly Diagnostic[],
  providers: readonly string[],
): Fact[] {
  if (connectors.size === 0)
    return [{ name: 'none', state: 'ok', text: 'no connector is deployed' }];
  return [...connectors].flatMap(([name, connector]) => {
    const found = diagnostics.filter((one) => one.connector === name).map(findingFact);
    const state = stateFact(name, connector);
    if (state.state === 'ok' && found.length > 0) return found;
    const references = referencesOf(connector, providers).length;
    const text =
      state.state === 'ok' ? `${state.text}, ${count(references, 'reference')}` : state.text;
    return [{ ...state, text }, ...found];
  });
}

/** The paths that the connectors refer to, in order, and who does so. */
export function referredPaths(
  connectors: Connectors,
  providers: readonly string[],
): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const [name, connector] of connectors) {
    for (const path of new Set(referencesOf(connector, providers).map((one) => one.path)))
      paths.set(path, [...(paths.get(path) ?? []), name]);
  }
  return new Map([...paths].sort(([a], [b]) => (a < b ? -1 : 1)));
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

const BROKEN: ReadonlySet<string> = new Set(['FAILED', 'UNASSIGNED']);

function stateFact(name: string, { state, workerId, tasks }: Connector): Fact {
  const broken = tasks.filter((task) => BROKEN.has(task.state));
  const told = broken.map((task) => `task ${task.id} ${task.state} on ${task.workerId}`);
  if (BROKEN.has(state)) told.unshift(`${state} on ${workerId}`);
  if (told.length > 0)
    return {
      name,
      state: 'fail',
      text: `${told.join(', ')}: its log says why; hint: secretreg connect sync    (restarts what is FAILED)`,
    };
  return { name, state: 'ok', text: `${state}, ${count(tasks.length, 'task')}` };
}
