// `npm run quickstart`: from nothing to a resolved connector in a scratch folder that is removed at the end. Each
// command is printed as a person would type it, and run as printed; values go in by stdin, as they always should.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';

interface Step {
  why: string;
  args: readonly string[];
  /** What the command reads: a text or a file. */
  stdin?: { text: string } | { file: string };
  /** The exit code that is right here, where it is not 0. */
  exit?: number;
}

const CONNECTOR = 'orders-sink';
const RIGHT = 'fixtures/quickstart/orders-sink.json';
const WRONG = 'fixtures/quickstart/orders-sink-wrong.json';

const STEPS: readonly Step[] = [
  {
    why: 'A registry in one file, and a master key (which by default lies in another folder).',
    args: ['init'],
  },
  {
    why: 'A secret belongs to a connector and has a key. Its value comes from stdin, never from an argument.',
    args: ['put', CONNECTOR, 'connection.user', '-'],
    stdin: { text: 'orders_app' },
  },
  {
    why: 'A value can be made up at random.',
    args: ['put', CONNECTOR, 'connection.password', '--generate', '24'],
  },
  {
    why: 'Several secrets are stored at once, all or none.',
    args: ['put', CONNECTOR, '--json', '-'],
    stdin: { file: 'fixtures/quickstart/kafka-credentials.json' },
  },
  { why: 'What is there now.', args: ['list', '--tree'] },
  {
    why: 'A configuration with three mistakes is refused: exit code 1.',
    args: ['validate', WRONG],
    exit: 1,
  },
  { why: 'The right one passes: this is the step for your CI.', args: ['validate', RIGHT] },
  { why: 'And this is what the connector would be given.', args: ['resolve', RIGHT, '--reveal'] },
];

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'bin', 'secretreg.js');

process.exitCode = quickstart();

function quickstart(): number {
  if (!existsSync(join(root, 'dist', 'main.cjs'))) {
    process.stderr.write('quickstart: secretreg is not built yet\nhint: npm run build\n');
    return 1;
  }
  const scratch = makeScratch();
  const settings = {
    SECRETREG_REGISTRY: `file:${join(scratch, 'registry.db')}`,
    SECRETREG_MASTER_KEY_FILE: join(scratch, 'master.key'),
  };
  tellWhere(scratch, settings);
  for (const step of STEPS) {
    tell(step.why, commandLine(step));
    const status = run(step, settings);
    if (status !== (step.exit ?? 0)) {
      process.stderr.write(
        `quickstart: '${step.args.join(' ')}' ended with ${status}, not with ${step.exit ?? 0}\n`,
      );
      return 1;
    }
  }
  return 0;
}

/** Removed however this ends; a signal ends it the same way. */
function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'secretreg-quickstart-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(130));
  return scratch;
}

function tellWhere(scratch: string, settings: Record<string, string>): void {
  const lines = [
    `secretreg() { ${quoted(process.execPath)} ${quoted(bin)} "$@"; }`,
    `cd ${quoted(root)} && mkdir -m 700 ${quoted(scratch)}`,
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ];
  tell(
    'Everything is in a scratch folder, which is removed at the end. To try it by hand, begin with:',
    ...lines,
  );
}

function run({ args, stdin }: Step, settings: Record<string, string>): number | string {
  const input =
    stdin === undefined ? '' : 'file' in stdin ? readFileSync(join(root, stdin.file)) : stdin.text;
  const done = spawnSync(process.execPath, [bin, ...args], {
    cwd: root,
    env: { ...withoutOwnSettings(process.env), ...settings },
    input,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  return done.status ?? done.signal ?? String(done.error);
}

/** The settings of whoever runs this would name another registry. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SECRETREG_')));
}

function commandLine({ args, stdin }: Step): string {
  const command = ['secretreg', ...args].map(quoted).join(' ');
  if (stdin === undefined) return command;
  return 'file' in stdin
    ? `${command} < ${quoted(stdin.file)}`
    : `printf %s ${quoted(stdin.text)} | ${command}`;
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function tell(why: string, ...commands: string[]): void {
  const stream = process.stdout;
  const shown = commands.map((command) => `${styleText('bold', `$ ${command}`, { stream })}\n`);
  stream.write(`\n${styleText('dim', `# ${why}`, { stream })}\n${shown.join('')}`);
}
