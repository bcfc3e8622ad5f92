// Row T of quality.md for the command line: unique secrets through every command and its refusals; then everything that is
// left behind or was in others' sight is searched for them.
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ServerProcess } from '../../http/server-process.ts';
import { keyText } from '../../registry/fixture.ts';
import { CommandLine, registryAt } from '../command-line.ts';
import { initServed } from '../served-registry.ts';
import { type Line, linesOf, type Where } from './commands.ts';
import { search } from './forms.ts';

/** What other notations write in another way. */
const HARD = '/+~é"\\';
/** The variable that names the file for arguments that were seen. */
const SEEN = 'SECRETREG_TEST_SEEN';
const SHIM = fileURLToPath(new URL('seen-arguments.ts', import.meta.url));

/** Gives every command to a registry that is made there, and searches for what they were given. */
export async function passThrough(
  line: CommandLine,
  where: Where,
  place: string,
  running: Set<ChildProcess>,
  elsewhere: () => Buffer[] = () => [],
): Promise<void> {
  const token = await initServed(line, place);
  const args = ['--registry', registryAt(place), '--log-level', 'trace'];
  const server = await ServerProcess.start(line.home, args, running);
  // What is given as an argument is in everybody's sight already, and is looked for elsewhere only.
  const hidden = new Secrets();
  const asArguments = new Secrets();
  hidden.set('the token', token.slice(-43));
  hidden.set('the master key', keyText().slice('base64:'.length));
  const lines = linesOf({
    secret: (name) => hidden.made(name, HARD),
    plain: (name) => hidden.made(name, ''),
    argument: (name) => asArguments.made(name, HARD),
    file: (name, content) => line.file(name, content),
    url: server.url,
  });
  const seen = new CommandLine();
  const sight = seen.file('seen', '');
  const env = { ...environment(line, where, { place, url: server.url, token }), [SEEN]: sight };
  const { told, given } = await runAll(line, Object.values(lines).flat(), { where, env, hidden });
  expect(await server.stop()).toBe(0);
  const places = new Map<string, Buffer | string>([
    ...told,
    ['the output of the server', [...server.stdout, ...server.told].join('\n')],
    ['its log', JSON.stringify(server.log)],
    ...filesBelow(line.home, given),
    ...elsewhere().map((bytes, i) => [`topic ${i}`, bytes] as const),
  ]);
  const words = readFileSync(sight);
  seen.remove();
  const found = [
    search(new Map([...places, ['arguments', words]]), hidden),
    search(places, asArguments),
  ];
  const searches = found.reduce((sum, one) => sum + one.searches, 0);
  console.log(
    `${where}: ${Object.values(lines).flat().length} commands, ${hidden.size + asArguments.size} secrets, ${places.size + 1} places, ${searches} searches`,
  );
  expect(found.flatMap(({ hits }) => hits)).toEqual([]);
  // The arguments were looked at, those of others too.
  expect(words.toString()).toContain('put\0orders\0password\0-');
  expect(words.toString()).toContain('process.exit(7)');
}

class Secrets extends Map<string, string> {
  /** Made at its first use. */
  made(name: string, end: string): string {
    const known = this.get(name) ?? `cnry-${name}-${randomBytes(6).toString('hex')}${end}`;
    this.set(name, known);
    return known;
  }
}

function environment(
  line: CommandLine,
  where: Where,
  { place, url, token }: { place: string; url: string; token: string },
): Record<string, string> {
  const tmp = join(line.home, 'tmp');
  mkdirSync(tmp);
  const registry: Record<string, string> =
    where === 'REST'
      ? { SECRETREG_REGISTRY: url, SECRETREG_TOKEN_FILE: line.file('in.token', token) }
      : {
          SECRETREG_REGISTRY: registryAt(place),
          SECRETREG_MASTER_KEY_FILE: join(line.home, 'master.key'),
        };
  return { ...registry, TMPDIR: tmp, NODE_OPTIONS: `--import ${SHIM}` };
}

/** Answers what was printed, but for what was to be, and the names of files that were to hold something. */
async function runAll(
  line: CommandLine,
  lines: readonly Line[],
  { where, env, hidden }: { where: Where; env: Record<string, string>; hidden: Secrets },
): Promise<{ told: Map<string, string>; given: Set<string> }> {
  const told = new Map<string, string>();
  const given = new Set<string>();
  const wrong: string[] = [];
  for (const [i, { args, input = '', ends, gives, learns, env: own }] of lines.entries()) {
    const what = `${i} ${args.join(' ')}`;
    const { end, stdout, stderr } = await line.run(args, { input, env: { ...env, ...own } });
    const wanted = typeof ends === 'number' ? ends : ends[where];
    if (end !== wanted) wrong.push(`${what}: ${end} and not ${wanted}: ${stderr}`);
    told.set(`stderr of ${what}`, stderr);
    if (gives !== 'stdout' || end !== 0) told.set(`stdout of ${what}`, stdout);
    if (learns !== undefined) hidden.set(learns, stdout.trim());
    if (gives !== undefined && gives !== 'stdout' && end === 0) given.add(gives);
  }
  expect(wrong).toEqual([]);
  return { told, given };
}

/** What commands and servers have written. What was to hold a value is for nobody else to read. */
function filesBelow(home: string, given: ReadonlySet<string>): [string, Buffer][] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1));
  const isGiven = (file: string) => given.has(file.split('/')[0] ?? '');
  const modes = files
    .filter(isGiven)
    .map((file) => [file, statSync(join(home, file)).mode & 0o777]);
  expect(modes.filter(([, mode]) => (Number(mode) & 0o077) !== 0)).toEqual([]);
  expect(modes.length).toBeGreaterThanOrEqual(given.size);
  return files
    .filter((file) => !isGiven(file) && !file.startsWith('in.') && file !== 'master.key')
    .map((file) => [file, readFileSync(join(home, file))]);
}
