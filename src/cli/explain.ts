// `validate --explain`: what a rule says, from the page that is made from the rules and comes with the package.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SecretregError } from '../errors.ts';
import type { Rule } from '../validator/rule.ts';
import { rules } from '../validator/rules/index.ts';
import { type Io, print } from './io.ts';
import { printRows } from './rows.ts';
import { ruleCalled } from './validate-settings.ts';

/** One rule, or all of them where none is named. Fails with wrong-use. */
export async function explain(io: Io, name: string | true): Promise<void> {
  if (name === true) return listRules(io);
  const { id } = ruleCalled(name, (reason, near) => {
    const hint = `secretreg validate --explain${near === undefined ? '    (every rule)' : ` ${near}`}`;
    return new SecretregError('wrong-use', { reason }, { hint });
  });
  const page = readFileSync(fileOfPackage('docs/rules.md'), 'utf8');
  const ignoring = sectionOf(page, 'Ignoring a finding').replaceAll('RULE', id);
  await print(io, `${sectionOf(page, id)}\n${ignoring}`);
}

function listRules(io: Io): Promise<void> {
  const columns = [
    { name: 'rule', value: ({ id }: Rule) => id },
    { name: 'default', value: ({ severity }: Rule) => severity },
    { name: 'what', value: ({ sentence }: Rule) => sentence },
  ];
  return printRows(io, 'auto', columns, rules);
}

/** From its heading to the next one. */
function sectionOf(page: string, heading: string): string {
  const [, behind] = page.split(`\n## ${heading}\n`);
  if (behind === undefined) throw new Error(`docs/rules.md has no section '${heading}'`);
  return `## ${heading}\n${behind.split(/\n## /)[0]?.trimEnd()}\n`;
}

/** The source and what is built of it lie at different depths below the package's folder. */
function fileOfPackage(name: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, name)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, name);
}
