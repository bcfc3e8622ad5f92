// The commands of `secretreg` that a question of the model is put with, and what they print, in the model's words.
import type { MetadataChanges } from '../../../src/domain/registry.ts';
import { type CommandLine, registryAt } from '../../process/command-line.ts';
import { keyText } from '../fixture.ts';
import { type Ask, type AskedTarget, type AskedWrite, type Outcome, RITA, sorted } from './asks.ts';
import type { Process } from './process.ts';

/** Each question is a process of its own. */
export class CommandProcess implements Process {
  readonly #line: CommandLine;
  readonly #flags: readonly string[];

  constructor(line: CommandLine, place: string, masterKey: number) {
    this.#line = line;
    this.#flags = [
      ...['--registry', registryAt(place)],
      ...['--master-key-file', keyFile(line, masterKey)],
      ...['--accept-key-file', keyFile(line, masterKey + 1)],
    ];
  }

  async ask(asked: Ask): Promise<Outcome> {
    const { words, input = '', read } = commandFor(asked);
    const { end, stdout, stderr } = await this.#line.run([...words, ...this.#flags], { input });
    return end === 0 ? { is: read(stdout) } : { code: codeOf(stderr, Number(end)) };
  }

  makeToken(): never {
    throw new Error('nobody shows a token to a file');
  }

  revokeToken(): never {
    throw new Error('nobody shows a token to a file');
  }

  async close(): Promise<void> {}
}

export function keyFile(line: CommandLine, at: number): string {
  return line.file(`master-${at}.key`, `${keyText(at * 7)}\n`);
}

/** What the command line has no word for, or says together with more. */
export function isAskable(asked: Ask): boolean {
  if (asked.do === 'put') return isOneCommand(asked.writes);
  if (asked.do === 'get-all') return asked.keys === undefined;
  if (asked.do === 'history') return asked.deleted;
  return asked.do !== 'get-every' && asked.do !== 'check';
}

/** One value, with or without a condition; or values of different keys of one path, without any. */
function isOneCommand(writes: readonly AskedWrite[]): boolean {
  if (writes.length === 1) return true;
  const keys = new Set(writes.map(({ key }) => key));
  const paths = new Set(writes.map(({ path }) => path));
  return (
    paths.size === 1 &&
    keys.size === writes.length &&
    writes.every(({ over }) => over === undefined)
  );
}

/** Names without versions, and values without their numbers. */
export function toldByCommand(asked: Ask, outcome: Outcome): Outcome {
  if ('code' in outcome) return outcome;
  const parts = () => (outcome.is as string[]).map((one) => one.split(' '));
  const keys = () => (outcome.is as { key: string }[]).map(({ key }) => key.split(' '));
  if (asked.do === 'get-all') return { is: parts().map(([, key, , value]) => `${key} ${value}`) };
  if (asked.do === 'history') return { is: (outcome.is as { versions: unknown }).versions };
  if (asked.do !== 'list') return outcome;
  const at = asked.path === undefined ? 0 : 1;
  return { is: [...new Set(keys().map((names) => names[at]))] };
}

interface Command {
  words: string[];
  input?: string;
  read: (stdout: string) => unknown;
}

function commandFor(asked: Ask): Command {
  switch (asked.do) {
    case 'put':
      return putting(asked.writes);
    case 'import':
      return {
        words: ['import', '-'],
        input: tableOf(asked.writes),
        read: (stdout) => Number(/^imported (\d+) /.exec(stdout)?.[1]),
      };
    case 'get':
      return {
        words: ['get', asked.path, asked.key, ...versionFlag(asked.version), '-o', 'json'],
        read: (stdout) => {
          const { path, key, version, value } = JSON.parse(stdout) as Record<string, string>;
          return `${path} ${key} ${version} ${value}`;
        },
      };
    case 'get-all':
      return {
        words: ['get', asked.path, '--all'],
        read: (stdout) =>
          Object.entries(JSON.parse(stdout) as object).map(([key, value]) => `${key} ${value}`),
      };
    case 'paths':
      return { words: listing(asked), read: (stdout) => jsonLines(stdout).map(({ path }) => path) };
    case 'list':
      return {
        words: listing(asked),
        read: (stdout) => jsonLines(stdout).map(({ path, key }) => key ?? path),
      };
    case 'history':
      return {
        words: ['history', asked.path, asked.key, '-o', 'jsonl'],
        read: (stdout) =>
          jsonLines(stdout).map(({ version, state }) =>
            state === 'enabled' ? Number(version) : -Number(version),
          ),
      };
    case 'delete': {
      const permanent = asked.permanent ? ['--permanent'] : [];
      return { words: ['delete', ...targetWords(asked.target), ...permanent, '--yes'], read: rows };
    }
    case 'restore':
      return { words: ['restore', ...targetWords(asked.target)], read: rows };
    case 'metadata':
    case 'set-metadata': {
      const changes = asked.do === 'metadata' ? [] : Object.entries(asked.changes).map(changeWord);
      return {
        words: ['metadata', asked.path, asked.key, ...changes, '-o', 'json'],
        read: (stdout) => sorted(JSON.parse(stdout) as object),
      };
    }
    case 'grant':
    case 'revoke': {
      const { role, on } = asked.grant;
      const prefix = on.patternType === 'PREFIXED' ? ['--prefix'] : [];
      return {
        words: ['access', asked.do, RITA, role, on.name, ...prefix],
        read: (stdout) => {
          if (asked.do === 'revoke') return 'done';
          const [, given, pattern, name] = stdout.split('\t');
          return `${given} on ${pattern} ${name}`;
        },
      };
    }
    case 'forget-user':
      return { words: ['access', 'user', 'delete', RITA, '--yes'], read: () => 'done' };
    case 'get-every':
    case 'check':
      throw new Error(`there is no command for ${asked.do}`);
  }
}

function putting(writes: readonly AskedWrite[]): Command {
  const [first, another] = writes;
  if (first === undefined) throw new Error('nothing to put');
  if (another !== undefined)
    return { words: ['put', first.path, '--json', '-'], input: keysOf(writes), read: rows };
  const { path, key, value, over } = first;
  const condition =
    over === undefined ? [] : over === 'none' ? ['--new'] : ['--if-version', String(over)];
  return { words: ['put', path, key, '-', ...condition], input: value, read: rows };
}

const keysOf = (writes: readonly AskedWrite[]): string =>
  JSON.stringify(Object.fromEntries(writes.map(({ key, value }) => [key, value])));

function tableOf(writes: readonly AskedWrite[]): string {
  const paths = Map.groupBy(writes, ({ path }) => path);
  return `{${[...paths].map(([path, own]) => `${JSON.stringify(path)}:${keysOf(own)}`).join(',')}}`;
}

function listing(asked: { path?: string; deleted: boolean }): string[] {
  const deleted = asked.deleted ? ['--deleted'] : [];
  return ['list', ...(asked.path === undefined ? [] : [asked.path]), ...deleted, '-o', 'jsonl'];
}

const versionFlag = (version?: number | 'latest'): string[] =>
  typeof version === 'number' ? ['--version', String(version)] : [];

const targetWords = ({ path, key, version }: AskedTarget): string[] => [
  path,
  ...(key === undefined ? [] : [key]),
  ...versionFlag(version),
];

const WORDS: Record<string, string> = { rotateEveryDays: 'rotate-every', expiresAt: 'expires' };

function changeWord([name, value]: [string, MetadataChanges[keyof MetadataChanges]]): string {
  const text = typeof value === 'number' ? `${value}d` : [value ?? ''].join();
  return `${WORDS[name] ?? name}=${text}`;
}

const rows = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('\t', ' '));

const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The sentences that people read, and the exit codes that scripts do. */
const SENTENCES: readonly [code: string, exit: number, sentence: RegExp][] = [
  [
    'path-not-found',
    1,
    /^secretreg: path '\S+' (does not exist(: did you mean '\S+'\?)?|is deleted)$/m,
  ],
  ['version-not-found', 1, /^secretreg: version \d+ of secret \S+ does not exist$/m],
  ['version-deleted', 1, /^secretreg: version \d+ of secret \S+ is deleted$/m],
  [
    'key-not-found',
    1,
    /^secretreg: secret \S+ (does not exist(: did you mean '\S+'\?)?|is deleted)$/m,
  ],
  [
    'version-moved-on',
    1,
    /^secretreg: secret \S+ has .* where .* was expected: nothing was written$/m,
  ],
  ['nothing-to-restore', 1, /^secretreg: nothing that was deleted can be restored in /m],
  ['bad-metadata', 2, /^secretreg: this metadata is not taken: 'owner' begins /m],
  ['grant-not-found', 1, /^secretreg: User:rita has no grant /m],
  ['user-not-found', 1, /^secretreg: there is no user User:rita$/m],
  ['wrong-master-key', 78, /^secretreg: .*master key/m],
];

function codeOf(stderr: string, exit: number): string {
  const found = SENTENCES.find(([, code, sentence]) => code === exit && sentence.test(stderr));
  if (found === undefined) throw new Error(`exit code ${exit}: ${stderr}`);
  return found[0];
}
