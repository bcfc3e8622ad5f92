import { escapedJson } from '../../domain/escaped-json.ts';
import type { Metadata, MetadataChanges } from '../../domain/registry.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { keyArgument, pathArgument, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, print } from '../io.ts';
import { ago, printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { dayOrTime } from '../times.ts';

interface Flags extends SharedFlags {
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('metadata')
    .description('what is known of a key beside its values: shown, or noted with NAME=VALUE')
    .argument('<path>')
    .argument('<key>')
    .argument('[name=value...]', `${[...NAMES.keys()].join(', ')}; NAME= takes one away`)
    .option(...ROWS_OUTPUT)
    .addHelpText(
      'after',
      '\nFor example:  secretreg metadata orders password owner=team-a tags=pci,eu rotate-every=90d expires=2027-01-31',
    );
  sharedOptions(command).action((path: string, key: string, words: string[], flags: Flags) =>
    metadata(io, path, key, words, flags),
  );
};

async function metadata(
  io: Io,
  pathText: string,
  keyText: string,
  words: readonly string[],
  flags: Flags,
): Promise<void> {
  const format = formatOption(flags.output);
  // What is to be noted, without the key that it is of.
  if (NAMES.has(/^[^=]*(?==)/.exec(keyText)?.[0] ?? ''))
    throw new SecretregError('wrong-use', {
      reason: `missing required argument 'key': '${keyText}' stands in its place`,
    });
  const path = pathArgument(pathText, { key: keyText });
  const key = keyArgument(keyText);
  const changes = changesOf(words);
  const known = await withRegistry(io, flags, { path }, ({ registry }) =>
    words.length === 0 ? registry.metadata(path, key) : registry.setMetadata(path, key, changes),
  ).catch((error: unknown) => {
    throw withOurNames(error);
  });
  if (format === 'json') return print(io, `${escapedJson(known, 2)}\n`);
  if (format === 'jsonl') return print(io, `${escapedJson(known)}\n`);
  const now = io.clock();
  const columns = [
    { name: 'name', value: (row: Row) => row.name },
    {
      name: 'value',
      value: (row: Row) => row.value,
      forPerson: ({ name, value }: Row) =>
        name === 'expires' ? `${value} (${ago(value, now)})` : value,
    },
  ];
  await printRows(io, format, columns, rowsOf(known));
}

interface Row {
  name: string;
  value: string;
}

function rowsOf({ description, owner, tags, expiresAt, rotateEveryDays }: Metadata): Row[] {
  const rows = [
    { name: 'description', value: description },
    { name: 'owner', value: owner },
    { name: 'tags', value: tags?.join(',') },
    { name: 'expires', value: expiresAt },
    {
      name: 'rotate-every',
      value: rotateEveryDays === undefined ? undefined : `${rotateEveryDays}d`,
    },
  ];
  return rows.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

interface Name {
  member: keyof Metadata;
  /** What the text means. A text without a meaning stays as it is, and the registry refuses it. */
  parse: (text: string) => string | number | string[];
}

const same = (text: string) => text;
const NAMES: ReadonlyMap<string, Name> = new Map<string, Name>([
  ['description', { member: 'description', parse: same }],
  ['owner', { member: 'owner', parse: same }],
  ['tags', { member: 'tags', parse: (text) => text.split(',').map((tag) => tag.trim()) }],
  ['expires', { member: 'expiresAt', parse: (text) => dayOrTime(text) ?? text }],
  ['rotate-every', { member: 'rotateEveryDays', parse: daysOf }],
]);

function daysOf(text: string): number | string {
  return /^\d{1,9}d?$/.test(text) ? Number.parseInt(text, 10) : text;
}

/** Fails with wrong-use or bad-metadata. No word is shown but the name: it may be a value in the wrong place. */
function changesOf(words: readonly string[]): MetadataChanges {
  const changes = new Map<string, ReturnType<Name['parse']> | null>();
  for (const word of words) {
    const [, name, text = ''] = /^([a-z-]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined)
      throw new SecretregError('wrong-use', {
        reason: 'what is to be noted is written NAME=VALUE, such as owner=team-a',
      });
    const known = NAMES.get(name);
    if (known === undefined)
      throw new SecretregError('bad-metadata', {
        reason: `there is no '${name}' in it, but ${[...NAMES.keys()].join(', ')}`,
      });
    if (changes.has(known.member))
      throw new SecretregError('wrong-use', { reason: `'${name}' is noted twice` });
    changes.set(known.member, text === '' ? null : known.parse(text));
  }
  return Object.fromEntries(changes);
}

/** A refusal names what was typed: `expires`, which is `expiresAt` in the registry. */
function withOurNames(error: unknown): unknown {
  if (!hasCode(error, 'bad-metadata')) return error;
  // Of a server the text is known, and no reason apart from it.
  const { message, params, hint } = error;
  const name = [...NAMES].find(([, { member }]) => message.includes(`: its ${member} `));
  if (name === undefined) return error;
  const text = message.replace(`: its ${name[1].member} `, `: '${name[0]}' `);
  return new SecretregError('bad-metadata', params, { text, hint, cause: error });
}
