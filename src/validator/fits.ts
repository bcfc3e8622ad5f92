// Asks about values before the rules run, since rules read nothing themselves: for each reference whose path is its
// connector's name, whether the value can stand there. No value comes back.
import type { Connector } from '../documents/shapes.ts';
import { parseKey, parsePath, type SecretPath } from '../domain/names.ts';
import { type Reference, scanReferences } from '../domain/reference.ts';
import type { FitAnswer, FitQuestion, Registry } from '../domain/registry.ts';
import type { Obstacle, Surroundings } from '../domain/surroundings.ts';
import { hasCode } from '../errors.ts';
import { enabledFact, type Existence } from './existence.ts';
import type { KnownProviders } from './provider-names.ts';
import { surroundingsOf } from './surroundings.ts';

/** Asks a registry; undefined where the asker may not know. */
export type AskFits = (
  path: SecretPath,
  questions: readonly FitQuestion[],
) => Promise<readonly FitAnswer[] | undefined>;

/** How many values were checked, and how many were not, since the asker may not read them. */
export interface ValueTally {
  checked: number;
  notSeen: number;
}

/** Asks this registry. Whoever may only list names learns nothing of a value; all other rules work. */
export function askFitsOf(registry: Registry, tally: ValueTally): AskFits {
  return async (path, questions) => {
    const count = new Set(questions.map(({ key }) => key)).size;
    try {
      const answers = await registry.checkValues(path, questions);
      tally.checked += count;
      return answers;
    } catch (error) {
      if (!hasCode(error, 'not-allowed', 'path-not-found')) throw error;
      tally.notSeen += count;
      return undefined;
    }
  };
}

/** What the value of a reference holds that cannot stand there; undefined where it fits, or was not asked about. */
export type Fits = (reference: Reference, surroundings: Surroundings) => Obstacle | undefined;

export async function askFits(
  connectors: readonly Connector[],
  ask: AskFits,
  { providers, existence, connectorName }: Known,
): Promise<Fits> {
  const obstacles = new Map<string, Obstacle>();
  for (const connector of connectors) {
    const path = parsePath(connector.name ?? connectorName ?? '');
    if (!path.ok) continue;
    const questions = questionsOf(connector, path.value, { providers, existence });
    if (questions.length === 0) continue;
    for (const { key, surroundings, obstacle } of (await ask(path.value, questions)) ?? [])
      if (obstacle !== undefined) obstacles.set(nameOf(path.value, key, surroundings), obstacle);
  }
  return ({ path, key }, surroundings) => obstacles.get(nameOf(path, key, surroundings));
}

interface Known {
  providers: KnownProviders;
  existence: Existence | undefined;
  connectorName?: string | undefined;
}

function questionsOf(
  { entries }: Connector,
  path: SecretPath,
  { providers, existence }: Known,
): FitQuestion[] {
  const questions = new Map<string, FitQuestion>();
  for (const { key: setting, value } of entries) {
    if (value === null || !value.includes('${')) continue;
    const references = scanReferences(value);
    for (const reference of references) {
      if (!providers.isOurs(reference.provider) || reference.path !== path) continue;
      const key = parseKey(reference.key);
      const isThere =
        existence === undefined || enabledFact(existence, path, reference.key) !== undefined;
      const surroundings = surroundingsOf(setting, value, references, reference);
      if (!key.ok || !isThere || surroundings === undefined) continue;
      questions.set(nameOf(path, key.value, surroundings), { key: key.value, surroundings });
    }
  }
  return [...questions.values()];
}

function nameOf(...parts: readonly string[]): string {
  return parts.join(':');
}
