// Row F of quality.md: every file that the built program writes has its mode under every umask, and none is left out.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { processIo } from '../../src/cli/io.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { ServerProcess } from '../http/server-process.ts';
import { runningProcesses } from '../process/running.ts';
import { fleeting, outputs, silentArguments, silentOptions } from './outputs.ts';
import { below, modeOf, newHome, NOTHING, run, wantedMode } from './outputs-home.ts';

const UMASKS = ['0000', '0022', '0077', '0777'];
const running = runningProcesses();

/** Without what lets root pass over modes. Where there is no setpriv root proves less; in CI it fails. */
const asUser =
  process.getuid?.() === 0 &&
  (spawnSync('setpriv', ['--version']).status === 0 || process.env['CI'])
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--']
    : [];

const under = (umask: string) => ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh', ...asUser];

describe.each(UMASKS)('under umask %s', (umask) => {
  test.each(outputs)('$title ($by) has its mode', async (output) => {
    const { line, place } = newHome(output);
    const before = below(line.home);
    const { end, stderr } = await run(line, output, { through: under(umask) });
    expect([end, stderr.includes('fault of')]).toEqual([0, false]);
    const wanted = wantedMode(output, Number.parseInt(umask, 8), output.isMended && 0o640);
    expect(modeOf(place)).toBe(wanted);
    for (const [name, mode] of Object.entries(output.beside ?? {}))
      expect([name, modeOf(join(line.home, name))]).toEqual([name, mode]);
    // Nothing else was made that others could look into.
    const open = [...below(line.home)].filter(
      ([name, mode]) => !before.has(name) && mode !== 'link' && !mode.endsWith('00'),
    );
    const isOpen = !wanted.endsWith('00') && output.isMended !== true;
    expect(open).toEqual(isOpen ? [[output.file, wanted]] : []);
  });

  test.each(['--files', '--files-in'])('run %s has its modes', async (option) => {
    const { line } = newHome(NOTHING);
    const words = option === '--files' ? [option] : [option, '@out'];
    const show = 'stat -c %a "$PASSWORD_FILE" "$(dirname "$PASSWORD_FILE")"; cat "$PASSWORD_FILE"';
    const args = ['run', '--path', 'orders', ...words, '--', 'sh', '-c', show];
    const { stdout } = await run(line, { args }, { through: under(umask) });
    expect(stdout).toBe('600\n700\n***');
    expect(readdirSync(join(line.home, 'out'))).toEqual([]);
  });

  test('what SQLite leaves beside a registry that is open has its mode', async () => {
    const { line } = newHome(NOTHING);
    const server = await ServerProcess.start(line.home, [], running, under(umask));
    for (const end of ['', '-wal', '-shm'])
      expect(modeOf(join(line.home, `registry.db${end}`))).toBe('600');
    expect(await server.stop()).toBe(0);
  });
});

describe('the table', () => {
  test('has every option and argument that names a file to write', async () => {
    const written = new Set([...outputs.map(({ by }) => by), ...fleeting]);
    const named = await everyName();
    const isSilent = ({ by, option }: Named) =>
      option === undefined ? silentArguments.includes(by) : silentOptions.includes(option);
    expect(named.filter((one) => !isSilent(one) && !written.has(one.by))).toEqual([]);
    const commands = named.map(({ command }) => command);
    const known = new Set([...named.map(({ by }) => by), ...commands]);
    expect([...written, ...silentArguments].filter((by) => !known.has(by))).toEqual([]);
    const options = new Set(named.map(({ option }) => option));
    expect(silentOptions.filter((option) => !options.has(option))).toEqual([]);
  });

  test('is as long as docs/testing.md says', () => {
    const ways = new Set(outputs.map(({ by }) => by)).size;
    const obstacles = outputs.flatMap(({ fates }) =>
      Object.values(fates).filter((fate) => fate !== undefined),
    ).length;
    // Beside the outputs: the two ways to give `run` files, and what SQLite leaves beside a registry.
    const modes = UMASKS.length * (outputs.length + 3);
    expect(readFileSync('docs/testing.md', 'utf8')).toContain(
      `${outputs.length} outputs by ${ways} options and arguments: ${modes} modes, ${obstacles} obstacles`,
    );
  });
});

interface Named {
  command: string;
  by: string;
  option?: string;
}

/** What every command takes, by its words. */
async function everyName(): Promise<Named[]> {
  const context = { io: processIo(), setExit: () => undefined, onInterrupt: () => undefined };
  const program = await buildProgram(undefined, context);
  const namesOf = (one: Command, words: readonly string[]): Named[] => {
    const command = [...words, one.name()].join(' ');
    const options = one.options.map((option): Named => {
      const value = / [<[].*$/.exec(option.flags)?.[0] ?? '';
      return { command, by: `${command} --${option.name()}${value}`, option: option.name() };
    });
    const names = one.registeredArguments.map((argument): Named => {
      const name = argument.name() + (argument.variadic ? '...' : '');
      return { command, by: `${command} ${argument.required ? `<${name}>` : `[${name}]`}` };
    });
    const own = [{ command, by: command, option: 'version' }];
    const deeper = one.commands.flatMap((sub) => namesOf(sub, [...words, one.name()]));
    return [...own, ...options, ...names, ...deeper];
  };
  return program.commands.flatMap((one) => namesOf(one, []));
}
