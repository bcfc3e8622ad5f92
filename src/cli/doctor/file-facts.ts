// What lies around the file of a registry: who else could replace it, and what commands that were killed left there.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoreFact } from '../../store/store.ts';
import { TEMPORARY } from '../output-file.ts';
import { holderFacts } from './key-facts.ts';

/** Nothing where the registry is no file, or where all is as it should be. */
export function fileFacts(registry: string): StoreFact[] {
  const file = /^file:(.*)$/.exec(registry)?.[1];
  if (file === undefined) return [];
  return [...holderFacts(file, 'registry'), ...leftFact(dirname(file))];
}

/** What a command writes gets its name at the end; under the name before, values may lie in clear. */
function leftFact(folder: string): StoreFact[] {
  const left = readdirSync(folder).filter((name) => TEMPORARY.test(name));
  const [first] = left;
  if (first === undefined) return [];
  const more = left.length === 1 ? '' : ` and ${left.length - 1} more`;
  const text = `${join(folder, first)}${more}: commands that were killed left that, and it may hold values; where no command runs, remove it`;
  return [{ name: 'left behind', state: 'warn', text }];
}
