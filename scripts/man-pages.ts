// The manual pages, from commander's own definitions of the commands: what --help says, in the roff of man(7).
import { EventEmitter } from 'node:events';
import type { Argument, Command, Help, Option } from 'commander';
import { version } from '../src/version.ts';
import { EXIT_CODES } from './errors-page.ts';
import { bold, filled, flags, helpText, section, subsection, tagged, words } from './roff.ts';

/** The text of each page by its file, such as `secretreg-put.1`. */
export function manPages(program: Command): Map<string, string> {
  const help = program.createHelp();
  const commands = commandsOf(help, program);
  return new Map([
    ['secretreg.1', overview(help, program, commands)],
    ...commands.map(
      (command) => [`secretreg-${command.name()}.1`, page(help, command)] as [string, string],
    ),
  ]);
}

function overview(help: Help, program: Command, commands: readonly Command[]): string {
  return [
    title('secretreg'),
    section('NAME', `secretreg \\- ${words(named(program.description()))}\n`),
    section('SYNOPSIS', `${bold('secretreg')} ${flags('<command> [options]')}\n`),
    section('DESCRIPTION', filled(`${program.description()} Each command has a page of its own.`)),
    section(
      'COMMANDS',
      ...commands.map((command) =>
        tagged(`${bold(`secretreg-${command.name()}`)}(1)`, sentence(command.description())),
      ),
    ),
    section('OPTIONS', options(help, help.visibleOptions(program))),
    section(
      'EXIT STATUS',
      ...EXIT_CODES.map(([code, meaning]) => tagged(bold(String(code)), meaning)),
    ),
    section('FILES', ...FILES.map(([file, what]) => tagged(words(file), what))),
    seeAlso(commands.map((command) => `secretreg-${command.name()}`)),
  ].join('');
}

const FILES = [
  [
    '$XDG_DATA_HOME/secretreg/registry.db',
    'The registry where none is named, below ~/.local/share.',
  ],
  ['$XDG_CONFIG_HOME/secretreg/master.key', 'Its master key, below ~/.config.'],
  ['$XDG_CONFIG_HOME/secretreg/config.yaml', 'Settings of the user, and contexts.'],
  ['secretreg.yaml', 'Settings of a project, found upwards from the working folder.'],
] as const;

/** A command of several commands has a part for each of them, and what all of them take stands at the end. */
function page(help: Help, command: Command): string {
  const name = `secretreg-${command.name()}`;
  const leaves = leavesOf(help, command);
  const parts = leaves.filter((leaf) => leaf !== command);
  const shared = parts.length > 1 ? sharedBy(help, parts) : [];
  const names = [name, ...command.aliases().map((alias) => `secretreg-${alias}`)];
  return [
    title(name),
    section('NAME', `${names.map(words).join(', ')} \\- ${words(command.description())}\n`),
    section('SYNOPSIS', leaves.map((leaf) => usage(leaf)).join('.br\n')),
    section('DESCRIPTION', filled(sentence(command.description())), helpText(afterHelp(command))),
    section('ARGUMENTS', args(help, command)),
    section('COMMANDS', ...parts.map((leaf) => part(help, leaf, shared))),
    parts.length === 0 || command.registeredArguments.length > 0
      ? section('OPTIONS', options(help, without(help.visibleOptions(command), shared)))
      : '',
    shared.length === 0 ? '' : section('OPTIONS OF EACH COMMAND', options(help, shared)),
    seeAlso(['secretreg']),
  ].join('');
}

function part(help: Help, command: Command, shared: readonly Option[]): string {
  return subsection(
    pathOf(command),
    filled(sentence(command.description())),
    args(help, command),
    options(help, without(help.visibleOptions(command), shared)),
    helpText(afterHelp(command)),
  );
}

function title(name: string): string {
  const upper = words(name.toUpperCase());
  return `.\\" Made from the help of the commands by npm run build.\n.TH ${upper} 1 "" "secretreg ${version}" "secretreg"\n.nh\n.ad l\n`;
}

function seeAlso(names: readonly string[]): string {
  return section('SEE ALSO', `${names.map((name) => `${bold(name)}(1)`).join(',\n')}\n`);
}

function usage(command: Command): string {
  return `${bold(pathOf(command))} ${flags(command.usage())}\n`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function args(help: Help, command: Command): string {
  return help
    .visibleArguments(command)
    .filter((argument) => argument.description !== '')
    .map((argument: Argument) =>
      tagged(flags(`<${help.argumentTerm(argument)}>`), help.argumentDescription(argument)),
    )
    .join('');
}

function options(help: Help, list: readonly Option[]): string {
  return list
    .map((option) => tagged(flags(help.optionTerm(option)), help.optionDescription(option)))
    .join('');
}

/** Those that every one of the commands has in the same words. */
function sharedBy(help: Help, commands: readonly Command[]): Option[] {
  const [first, ...others] = commands.map((command) => help.visibleOptions(command));
  return (first ?? []).filter((option) => others.every((list) => holds(list, option)));
}

function without(list: readonly Option[], taken: readonly Option[]): Option[] {
  return list.filter((option) => !holds(taken, option));
}

function holds(list: readonly Option[], { flags, description }: Option): boolean {
  return list.some((one) => one.flags === flags && one.description === description);
}

/** The commands that do something: the command itself, too, where it is not only the name of others. */
function leavesOf(help: Help, command: Command): Command[] {
  const inner = commandsOf(help, command).flatMap((one) => leavesOf(help, one));
  return inner.length === 0 || command.registeredArguments.length > 0 ? [command, ...inner] : inner;
}

function commandsOf(help: Help, command: Command): Command[] {
  return help.visibleCommands(command).filter((one) => one.name() !== 'help');
}

/** What `addHelpText` has put behind the help. */
function afterHelp(command: Command): string {
  const texts: string[] = [];
  const event = { error: false, command, write: (text: string) => texts.push(text) };
  if (command instanceof EventEmitter) command.emit('afterHelp', event);
  return texts.join('');
}

function named(description: string): string {
  return description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, '');
}

function sentence(description: string): string {
  return `${description.charAt(0).toUpperCase()}${description.slice(1).replace(/\.$/, '')}.`;
}
