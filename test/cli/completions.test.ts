// What is completed where, by the definitions of the commands.
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { completionOf, type Wanted } from '../../src/cli/completions.ts';
import { ioWith, useFolder } from './settings-folder.ts';

useFolder();

/** Of a line without `secretreg`; its last word is the one that is being typed. */
async function completed(line: string) {
  const [first = '', ...rest] = line.split(' ');
  const entry = commands.find(({ name, alias }) => name === first || alias === first);
  const program = new Command().enablePositionalOptions();
  (await entry?.load())?.define(program, {
    io: ioWith({}),
    setExit: () => undefined,
    onInterrupt: () => undefined,
  });
  const [top] = program.commands;
  if (top === undefined) throw new Error(`no command ${first}`);
  return completionOf(top, rest.slice(0, -1), rest.at(-1) ?? '');
}

const shown = (wanted: Wanted): string => {
  if (wanted.kind === 'words') return wanted.words.map(({ word }) => word).join(' ');
  return wanted.kind === 'key' ? `key of ${wanted.path}` : wanted.kind;
};

describe('at the end of a line', () => {
  test.each([
    ['get ', 'path'],
    ['rm ord', 'path'],
    ['put orders ', 'key of orders'],
    ['put orders password ', 'nothing'],
    ['get --version 3 orders ', 'key of orders'],
    ['get --all ', 'path'],
    ['get --registry ', 'nothing'],
    ['get --registry file:r.db ', 'path'],
    ['get --registry=file:r.db orders ', 'key of orders'],
    ['get --master-key-file ', 'file'],
    ['get --token-file ', 'file'],
    ['get --client-cert ', 'file'],
    ['list --context ', 'context'],
    ['list -o ', 'json jsonl table'],
    ['get orders password -o ', 'json'],
    ['audit -o ', 'jsonl table'],
    ['audit --path ', 'path'],
    ['run --path ', 'path'],
    ['run --path orders -- ', 'file'],
    ['run --path orders --only ', 'key of orders'],
    ['run --path orders --files --base64 ', 'key of orders'],
    ['run --files-in ', 'file'],
    ['run --connector ', 'file'],
    ['validate ', 'file'],
    ['validate a.json ', 'file'],
    ['validate --format ', 'text json jsonl sarif junit github gitlab markdown'],
    ['externalize ', 'file'],
    ['externalize --undo ', 'file'],
    ['externalize --connector orders ', 'file'],
    ['validate --manifest ', 'file'],
    ['manifest ', 'file'],
    ['manifest --path ', 'path'],
    ['where-used ', 'file'],
    ['where-used --path ', 'path'],
    ['where-used --path orders --key ', 'key of orders'],
    ['delete orders --used-by ', 'file'],
    ['list --unused-by ', 'file'],
    ['import ', 'file'],
    ['import a.json ', 'nothing'],
    ['backup ', 'file'],
    ['render a.json b.json ', 'file'],
    ['audit key export ', 'file'],
    ['access ', 'grant revoke grants user token check who-can'],
    ['access user ', 'list create password delete'],
    ['access grant ', 'nothing'],
    ['access grant User:alice DeveloperRead ', 'path'],
    ['access token create --limit-path ', 'path'],
    ['context ', 'list show use remove set'],
    ['context use ', 'context'],
    ['context remove ', 'context'],
    ['completion ', 'bash zsh fish'],
    ['whoami ', 'nothing'],
  ])('%s', async (line, expected) => {
    expect(shown((await completed(line)).wanted)).toBe(expected);
  });

  test('roles and actions', async () => {
    expect(shown((await completed('access grant User:a ')).wanted)).toContain('DeveloperRead');
    expect(shown((await completed('access check ')).wanted)).toContain('listPaths');
  });

  test('options are those of the command', async () => {
    const words = shown((await completed('get --')).wanted).split(' ');
    expect(words).toContain('--version');
    expect(words).toContain('--registry');
    expect(words).not.toContain('--permanent');
    expect(shown((await completed('access token create --l')).wanted)).toContain('--limit-role');
  });

  test('what was typed before says which registry is meant', async () => {
    const { flags, command } = await completed('access check --context lab read --insecure-http ');
    expect(Object.fromEntries(flags)).toEqual({ context: 'lab', insecureHttp: true });
    expect(command).toBe('access check');
  });
});
