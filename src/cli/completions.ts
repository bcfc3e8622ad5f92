// What could stand at the end of a command line that is being typed: commands, options, or a kind of name.
import type { Command, Option } from 'commander';
import { ACTIONS, ROLES } from '../domain/access.ts';
import { subcommand } from './command.ts';

/** What fits: a word of a list, a name that has to be asked for, a file, or nothing that is known. */
export type Wanted =
  | { kind: 'words'; words: readonly Candidate[] }
  | { kind: 'path' | 'context' | 'file' | 'nothing' }
  | { kind: 'key'; path: string };

export interface Candidate {
  word: string;
  /** One line, for shells that show it. */
  summary?: string;
}

export interface Completion {
  wanted: Wanted;
  /** Options that were typed before, by the names that commander gives them. */
  flags: ReadonlyMap<string, string | true>;
  /** The command, such as `access grant`. */
  command: string;
}

/** Reads the words behind `secretreg <command>`, without the one that is being typed. */
export function completionOf(top: Command, before: readonly string[], current: string): Completion {
  const flags = new Map<string, string | true>();
  const positionals: string[] = [];
  let command = top;
  let name = top.name();
  for (let i = 0; i < before.length; i += 1) {
    const word = before[i] ?? '';
    const done = (wanted: Wanted): Completion => ({ wanted, flags, command: name });
    if (word === '--') return done({ kind: 'file' });
    const sub = positionals.length === 0 ? subcommand(command, word) : undefined;
    const option = optionCalled(command, word);
    if (option !== undefined && takesValue(option)) {
      if (i === before.length - 1) return done(valueOf(option, flags));
      flags.set(option.attributeName(), before[(i += 1)] ?? '');
    } else if (word.startsWith('-') && word !== '-') setFlag(command, word, flags);
    else if (sub === undefined) positionals.push(word);
    else {
      command = sub;
      name = `${name} ${sub.name()}`;
    }
  }
  return { wanted: wantedAt(command, positionals, current), flags, command: name };
}

function wantedAt(command: Command, positionals: readonly string[], current: string): Wanted {
  if (current.startsWith('-')) return { kind: 'words', words: command.options.flatMap(longOf) };
  const [path] = positionals;
  if (path === undefined && command.commands.length > 0)
    return {
      kind: 'words',
      words: command.commands.map((one) => ({ word: one.name(), summary: summaryOf(one) })),
    };
  const slots = command.registeredArguments;
  const slot = slots[positionals.length] ?? slots.findLast(({ variadic }) => variadic);
  return slot === undefined ? { kind: 'nothing' } : argumentOf(slot.name(), path);
}

/** What an argument may be, by its name. */
function argumentOf(name: string, path: string | undefined): Wanted {
  switch (name) {
    case 'path':
    case 'context':
    case 'file':
      return { kind: name };
    case 'files':
      return { kind: 'file' };
    case 'key':
      return { kind: 'key', path: path ?? '' };
    case 'role':
      return words(ROLES);
    case 'action':
      return words(ACTIONS);
    case 'shell':
      return words(['bash', 'zsh', 'fish']);
    default:
      return { kind: 'nothing' };
  }
}

/** What the value of an option may be, by its name and by the options before it. */
function valueOf(option: Option, flags: Completion['flags']): Wanted {
  if (option.argChoices !== undefined) return words(option.argChoices);
  const name = option.long ?? '';
  if (['--key', '--only', '--base64'].includes(name))
    return { kind: 'key', path: String(flags.get('path') ?? '') };
  if (name === '--path' || name === '--limit-path') return { kind: 'path' };
  if (name === '--role' || name === '--limit-role') return words(ROLES);
  if (name === '--context') return { kind: 'context' };
  if (name === '--output') return words(option.description.match(/\b(?:jsonl?|table)\b/g) ?? []);
  const isFile =
    /-(?:file|cert|key|config)$|^--(?:connector|json|manifest|state|undo|used-by|unused-by|files-in)$/.test(
      name,
    );
  return { kind: isFile ? 'file' : 'nothing' };
}

/** `--registry=URL`, or a flag without a value. */
function setFlag(command: Command, word: string, flags: Map<string, string | true>): void {
  const [name = '', ...rest] = word.split('=');
  const option = optionCalled(command, name);
  if (option === undefined) return;
  flags.set(option.attributeName(), takesValue(option) ? rest.join('=') : true);
}

function optionCalled(command: Command, word: string): Option | undefined {
  return command.options.find(({ short, long }) => short === word || long === word);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function longOf({ long, description }: Option): Candidate[] {
  return typeof long === 'string' ? [{ word: long, summary: description }] : [];
}

function summaryOf(command: Command): string {
  return command.description().split(/[:;]/)[0] ?? '';
}

function words(list: readonly string[]): Wanted {
  return { kind: 'words', words: list.map((word) => ({ word })) };
}
