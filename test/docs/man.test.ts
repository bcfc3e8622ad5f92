// The manual pages, which the build makes: one for each command, in roff that man reads, with all that the help tells.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { manPages } from '../../scripts/man-pages.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { processIo } from '../../src/cli/io.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { helpText, words } from '../../scripts/roff.ts';

const nothing = () => undefined;
const context = { io: processIo(), setExit: nothing, onInterrupt: nothing };
const program = await buildProgram(undefined, context);
const pages = manPages(program);

/** What a reader sees, in one line. */
function readable(roff: string): string {
  return roff
    .replace(/^\.(SH|SS) /gm, '')
    .replace(/^\.\S.*$/gm, '')
    .replace(/\\f[BIR]|\\&/g, '')
    .replace(/\\\[u([0-9A-F]+)\]/g, (_, point: string) =>
      String.fromCodePoint(Number.parseInt(point, 16)),
    )
    .replace(/\\(-|e|\(..)/g, (_, name: string) => CHARACTERS[name] ?? `<${name}>`)
    .replace(/\s+/g, ' ');
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '-': '-',
  e: '\\',
  '(aq': "'",
  '(ga': '`',
  '(ha': '^',
  '(ti': '~',
  '(dq': '"',
};

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

test('there is one for the program and one for each command, and the package has them', () => {
  const names = ['secretreg.1', ...commands.map(({ name }) => `secretreg-${name}.1`)].toSorted();
  expect([...pages.keys()].toSorted()).toEqual(names);
  const { man, files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    man: string[];
    files: string[];
  };
  expect(man.toSorted()).toEqual(names.map((name) => `./man/${name}`));
  expect(files).toContain('man');
});

describe.each([...pages])('%s', (file, roff) => {
  const name = /^secretreg-(.*)\.1$/.exec(file)?.[1];
  const command =
    name === undefined ? program : program.commands.find((one) => one.name() === name);

  test('is plain roff with the requests of man(7)', () => {
    const requests = new Set([...roff.matchAll(/^[.'](\S*)/gm)].map(([, request]) => request));
    const known = new Set(['\\"', 'TH', 'nh', 'ad', 'SH', 'SS', 'TP', 'PP', 'EX', 'EE', 'br']);
    expect([...requests].filter((one) => !known.has(one ?? ''))).toEqual([]);
    expect(roff).toMatch(/^[\n\x20-\x7e]*$/);
    expect(roff).not.toMatch(/\n\n/);
    expect(roff.match(/^\.EX$/gm)?.length).toBe(roff.match(/^\.EE$/gm)?.length);
  });

  test('tells every option and argument of the help, and every example', () => {
    const text = readable(roff);
    const told = (name === undefined ? [program] : withAllBelow(command ?? program)).flatMap(
      (one) => {
        const help = one.createHelp();
        const flags = help
          .visibleOptions(one)
          .map((option) => [
            option.flags.replace(/<([^>]*)>/g, '$1'),
            help.optionDescription(option),
          ]);
        const words = help
          .visibleArguments(one)
          .map((argument) => [argument.name(), help.argumentDescription(argument)])
          .filter(([, description]) => description !== '');
        return [...flags, ...words].map((parts) => parts.join(' ').replace(/\s+/g, ' '));
      },
    );
    expect(told).not.toEqual([]);
    expect(told.filter((one) => !text.includes(one))).toEqual([]);
  });
});

test('a line that begins with a dot or an apostrophe is no request', () => {
  expect(helpText('For example:  .hidden\n              \'quoted\' -x ~ ^ \\n ` "é…"')).toBe(
    '.PP\nFor example:\n.PP\n.EX\n\\&.hidden\n\\(aqquoted\\(aq \\-x \\(ti \\(ha \\en \\(ga \\(dq\\[u00E9]\\[u2026]\\(dq\n.EE\n',
  );
  expect(words('\u{1f511}')).toBe('\\[u1F511]');
});

test('a list has each term with what it means, also over several lines', () => {
  const text =
    '\nFor a worker. It runs:\n  file:DIR  one file for each\n            connector\n  env:FILE  variables\n\nAnd so on.\n';
  expect(helpText(text)).toBe(
    '.PP\nFor a worker. It runs:\n.TP\nfile:DIR\none file for each connector\n.TP\nenv:FILE\nvariables\n.PP\nAnd so on.\n',
  );
});

test('commands that stand below what they do are lines of their own', () => {
  const text =
    'Examples:\n  of a folder\n    secretreg a\n    secretreg b\n  with a rule\n    secretreg c\n';
  expect(helpText(text)).toBe(
    '.PP\nExamples:\n.PP\nof a folder\n.PP\n.EX\nsecretreg a\nsecretreg b\n.EE\n.PP\nwith a rule\n.PP\n.EX\nsecretreg c\n.EE\n',
  );
});
