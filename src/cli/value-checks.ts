// `validate --check-values`: while files are checked, a registry is open with its key, or is asked over REST. It is told which
// value is meant and what kind of text it would stand in, never a text of a file.
import type { Registry } from '../domain/registry.ts';
import { type AskFits, askFitsOf, type ValueTally } from '../validator/fits.ts';
import { type Existence, existenceOf } from '../validator/existence.ts';
import type { Io } from './io.ts';
import { onRegistry } from './session.ts';
import type { Settings } from './settings.ts';

export interface RegistryFacts {
  existence: Existence | undefined;
  askFits?: AskFits;
  values?: ValueTally;
}

/** Fails with the codes of a registry that cannot be opened. */
export function withValues<T>(
  io: Io,
  settings: Settings,
  work: (facts: RegistryFacts) => Promise<T>,
): Promise<T> {
  const ask = async ({ registry }: { registry: Registry }) => {
    const values: ValueTally = { checked: 0, notSeen: 0 };
    const existence = existenceOf(await registry.listPaths({ deleted: true }));
    return work({ existence, values, askFits: rememberingAnswers(askFitsOf(registry, values)) });
  };
  return onRegistry(io, settings, {}, ask, ask);
}

/** Remembers the answers: a file that is checked a second time, with what a worker says, asks the same questions. */
function rememberingAnswers(ask: AskFits): AskFits {
  const answers = new Map<string, ReturnType<AskFits>>();
  return (path, questions) => {
    const about = JSON.stringify([path, questions]);
    const answer = answers.get(about) ?? ask(path, questions);
    answers.set(about, answer);
    return answer;
  };
}
