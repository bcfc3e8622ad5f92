// `validate --explain`: what a rule says, by docs/rules.md, which is made from the rules and comes with the package.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Help } from 'commander';
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
  const text = `${sectionOf(page, id)}\n${ignoring}`;
  await print(io, io.stdout.isTTY ? wrapped(text, widthOf(io)) : text);
}

async function listRules(io: Io): Promise<void> {
  if (io.stdout.isTTY) return print(io, rulesForPerson(io));
  const columns = [
    { name: 'rule', value: ({ id }: Rule) => id },
    { name: 'default', value: ({ severity }: Rule) => severity },
    { name: 'what', value: ({ sentence }: Rule) => sentence },
  ];
  return printRows(io, 'auto', columns, rules);
}

/** As a table the sentences would be lines of three hundred columns. */
function rulesForPerson(io: Io): string {
  const width = widthOf(io) - INDENT.length;
  return rules
    .map(({ id, severity, sentence }) => {
      const text = new Help().boxWrap(sentence, width).replace(/^/gm, INDENT);
      return `${io.style.bold(id)}  ${severity}\n${text}\n`;
    })
    .join('\n');
}

const INDENT = '    ';

/** Longer lines are hard to read however wide the terminal is. */
const WIDEST = 100;

function widthOf({ stdout }: Io): number {
  return Math.min(stdout.columns || 80, WIDEST);
}

/** Wraps the paragraphs of a page, but not what stands there to be copied. */
function wrapped(page: string, width: number): string {
  return page
    .split(/^(```[^]*?^```)$/m)
    .map((part) =>
      part.startsWith('```')
        ? part
        : new Help().boxWrap(part.replace(/(?<=\S)\n(?=\S)/g, ' '), width),
    )
    .join('');
}

/** The section, from its heading to the next one. */
function sectionOf(page: string, heading: string): string {
  const [, behind] = page.split(`\n## ${heading}\n`);
  if (behind === undefined) throw new Error(`docs/rules.md has no section '${heading}'`);
  return `## ${heading}\n${behind.split(/\n## /)[0]?.trimEnd()}\n`;
}

/** Looks upwards, for the source and what is built of it lie at different depths below the package's folder. */
function fileOfPackage(name: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, name)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, name);
}
