// `secretreg __complete [--bash] -- WORDS…`, which the scripts of `completion` ask at each Tab: one candidate a line,
// behind a tab what it is, and `:files` where files fit. It never asks for a key, never writes, gives up after a second,
// and reports no errors: somebody is in the midst of typing.
import { basename } from 'node:path';
import { Command } from 'commander';
import type { KeyInfo } from '../domain/registry.ts';
import { parsePath } from '../domain/names.ts';
import { visible } from '../domain/visible.ts';
import { readNames } from '../registry/open-registry.ts';
import { commandCalled, commands } from './commands/index.ts';
import { type Candidate, type Completion, completionOf } from './completions.ts';
import { type Io, print } from './io.ts';
import { readUserFile } from './context-file.ts';
import { storeOf } from './registry-store.ts';
import { userFile } from './settings-places.ts';
import { readSettings, type SharedFlags } from './settings.ts';

const PATIENCE_MS = 1000;
/** No name and no option begins with a colon. */
const FILES = ':files';

export async function complete(io: Io, args: readonly string[]): Promise<number> {
  // A broker or a server that does not answer would hold the shell.
  const giveUp = setTimeout(() => process.exit(0), PATIENCE_MS * 1.5);
  try {
    const at = args.indexOf('--');
    const isBash = args.slice(0, at).includes('--bash');
    const typed = isBash ? withoutBreaks(args.slice(at + 1)) : args.slice(at + 1);
    // Without the quote that is not closed yet.
    const current = (typed.at(-1) ?? '').replace(/^["']/, '');
    const lines = (await candidates(io, typed.slice(0, -1), current))
      .filter(({ word }) => word === FILES || (word.startsWith(current) && visible(word) === word))
      .map(({ word, summary }) => (summary === undefined ? word : `${word}\t${summary}`));
    await print(io, lines.map((line) => `${line}\n`).join(''));
  } catch {
    // Then there are no candidates.
  }
  clearTimeout(giveUp);
  return 0;
}

async function candidates(
  io: Io,
  before: readonly string[],
  current: string,
): Promise<readonly Candidate[]> {
  const [first, ...rest] = before;
  if (first === undefined)
    return current.startsWith('-')
      ? [{ word: '--help' }, { word: '--version' }]
      : commands.map(({ name }) => ({ word: name }));
  const entry = commandCalled(first);
  if (entry === undefined) return [];
  const program = new Command().enablePositionalOptions();
  const { define } = await entry.load();
  define(program, { io, setExit: () => undefined, onInterrupt: () => undefined });
  const [top] = program.commands;
  return top === undefined ? [] : namesFor(io, completionOf(top, rest, current));
}

async function namesFor(io: Io, { wanted, flags, command }: Completion): Promise<Candidate[]> {
  const shared = Object.fromEntries(flags) as SharedFlags;
  switch (wanted.kind) {
    case 'words':
      return [...wanted.words];
    case 'file':
      return [{ word: FILES }];
    case 'nothing':
      return [];
    case 'context': {
      const { contexts } = readUserFile(userFile(io));
      return [...contexts].map(([word, { registry }]) => ({ word, summary: registry }));
    }
    case 'path':
      return eachOnce(await keysOf(io, shared, command), ({ path }) => path);
    case 'key':
      return eachOnce(await keysOf(io, shared, command, wanted.path), ({ key }) => key);
  }
}

function eachOnce(keys: readonly KeyInfo[], nameOf: (key: KeyInfo) => string): Candidate[] {
  return [...new Set(keys.map(nameOf))].map((word) => ({ word }));
}

/** Keys with a version that can be read; for `restore`, which brings deleted ones back, keys with a deleted one. */
async function keysOf(
  io: Io,
  flags: SharedFlags,
  command: string,
  pathText?: string,
): Promise<KeyInfo[]> {
  const state = command === 'restore' ? 'deleted' : 'enabled';
  const keys = await allKeys(io, flags, pathText);
  return keys.filter(
    ({ path, versions }) =>
      (pathText === undefined || path === pathText) && versions.some((one) => one.state === state),
  );
}

async function allKeys(io: Io, flags: SharedFlags, pathText?: string): Promise<KeyInfo[]> {
  const settings = await readSettings(flags, io);
  const { value, origin } = settings.registry;
  // A Tab sends nothing to brokers or a server that only a checkout names.
  if (basename(origin) === 'secretreg.yaml' && !value.startsWith('file:')) return [];
  if (settings.remote !== undefined) {
    const { withClient } = await import('./remote-client.ts');
    const path = pathText === undefined ? undefined : parsePath(pathText);
    return withClient(
      settings.remote,
      async ({ registry }) =>
        path?.ok
          ? registry.listKeys(path.value, { deleted: true })
          : registry.listPaths({ deleted: true }),
      { deadlineMs: PATIENCE_MS },
    );
  }
  const store = await storeOf(io, settings);
  try {
    return await readNames(store);
  } finally {
    await store.close();
  }
}

/** bash takes `:` and `=` for words of their own (COMP_WORDBREAKS), and leaves quotes where they are. */
function withoutBreaks(words: readonly string[]): string[] {
  const joined: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isBreak = /^[:=]+$/.test(word);
    if (joined.length > 0 && (isBreak || isOpen)) joined.push((joined.pop() ?? '') + word);
    else joined.push(word);
    isOpen = isBreak;
  }
  return joined.map((word) => word.replace(/^["']|["']$/g, '').replaceAll(/\\(.)/g, '$1'));
}
