// What lies around the file of a registry: who else could replace it, and what commands that were killed left there.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoreFact } from '../../store/store.ts';
import { TEMPORARY } from '../output-file.ts';
import { reasonOf } from '../system-reason.ts';
import { fileOf } from '../registry-setting.ts';
import { holderFacts } from './key-facts.ts';

/** Nothing where the registry is no file, or where all is as it should be. */
export function fileFacts(registry: string): StoreFact[] {
  const file = fileOf(registry);
  if (file === undefined) return [];
  return [...holderFacts(file, 'registry'), ...leftFact(dirname(file))];
}

/** A command writes a file under a temporary name, and renames it at the end: what is left may hold values in clear. */
function leftFact(folder: string): StoreFact[] {
  const name = 'left behind';
  try {
    const left = readdirSync(folder).filter((file) => TEMPORARY.test(file));
    const [first] = left;
    if (first === undefined) return [];
    const more = left.length === 1 ? '' : ` and ${left.length - 1} more`;
    const text = `${join(folder, first)}${more}: commands that were killed left that, and it may hold values; where no command runs, remove it`;
    return [{ name, state: 'warn', text }];
  } catch (error) {
    // A folder may let its files be opened and not be listed.
    return [{ name, state: 'warn', text: `${folder} cannot be looked into: ${reasonOf(error)}` }];
  }
}
