// What an operator should know, in sections of facts: a tree for a person, or JSON. One fact that fails makes exit code 1.
import { escapedJson } from '../domain/escaped-json.ts';
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';
import type { StoreFact } from '../store/store.ts';
import { jsonOption } from './formats.ts';
import { type Io, print } from './io.ts';

export type Fact = StoreFact;

export interface Section {
  name: string;
  facts: Fact[];
}

/** Fails with wrong-use. */
export function sectionsFormat(output: string | undefined): 'tree' | 'json' {
  return jsonOption(output) ? 'json' : 'tree';
}

/** Answers the exit code. */
export async function printSections(
  io: Io,
  format: 'tree' | 'json',
  sections: readonly Section[],
): Promise<number> {
  const text = format === 'json' ? `${escapedJson(sections, 2)}\n` : asTree(io, sections);
  await print(io, text);
  return sections.some(({ facts }) => facts.some(({ state }) => state === 'fail')) ? 1 : 0;
}

/** The facts, or, in place of them, why there are none. */
export async function orFault(facts: () => Promise<Fact[]>): Promise<Fact[]> {
  try {
    return await facts();
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return [faultFact(error)];
  }
}

export function faultFact(error: SecretregError, state: Fact['state'] = 'fail'): Fact {
  const text = error.hint === undefined ? error.message : `${error.message}; hint: ${error.hint}`;
  return { name: error.code, state, text };
}

function asTree(io: Io, sections: readonly Section[]): string {
  const mark = {
    ok: io.style.green('ok  '),
    warn: io.style.yellow('warn'),
    fail: io.style.red('fail'),
  };
  return sections
    .map(({ name, facts }) => {
      const lines = facts.map(
        (fact) => `  ${mark[fact.state]}  ${visible(fact.name)}: ${visible(fact.text)}\n`,
      );
      return `${io.style.bold(visible(name))}\n${lines.join('')}`;
    })
    .join('');
}
