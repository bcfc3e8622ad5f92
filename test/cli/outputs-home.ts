// Homes in which the built program writes files: each test has a copy of one that is made once.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Answer, FalseServer, json } from '../client/false-server.ts';
import { CommandLine, type Ended, type RunOptions } from '../process/command-line.ts';
import { keyText } from '../registry/fixture.ts';
import { type Output, outputs } from './outputs.ts';

const template = new CommandLine();
const lines: CommandLine[] = [];
let worker: FalseServer;

beforeAll(async () => {
  worker = await FalseServer.start([asWorker]);
  template.file('master.key', `${keyText()}\n`);
  const connector = (name: string, config: Record<string, string>) =>
    template.file(`${name}.json`, JSON.stringify({ name, config }, null, 2));
  const orders = connector('orders', REFERENCE);
  template.file('typo.json', readFileSync(orders, 'utf8').replace('secret:', 'secrets:'));
  connector('clear', { 'connector.class': 'io.x.Y', password: 'canaryPumpe12' });
  connector('moved', { 'connector.class': 'io.x.Y', password: 'canaryKessel77' });
  mkdirSync(join(template.home, 'out'));
  const before: (Asked & { input?: string })[] = [
    { args: ['init'] },
    { args: ['put', 'orders', '--json', '-'], input: '{"password": "canaryEimer31"}' },
    { args: ['manifest', '@manifest.json'] },
    { args: ['validate', '@orders.json', '--write-baseline', '@baseline.json'] },
    { args: ['externalize', '@moved.json', '--yes'] },
    {
      args: ['context', 'set', 'one', '--registry', 'file:one.db'],
      env: { XDG_CONFIG_HOME: '@config' },
    },
    {
      args: [
        ...['connect', 'sync', '--assume-current', '--connect', '@worker'],
        ...['--state', '@state.json'],
      ],
    },
  ];
  for (const { input, ...asked } of before) {
    const { end, stderr } = await run(template, asked, { ...(input !== undefined && { input }) });
    expect([asked.args[0], end, stderr.includes('cannot')]).toEqual([asked.args[0], 0, false]);
  }
  // One in which nothing is known yet, so that it is written.
  const record = readFileSync(join(template.home, 'state.json'), 'utf8');
  template.file('state.json', JSON.stringify({ ...JSON.parse(record), connectors: [] }));
}, 120_000);
afterAll(async () => {
  template.remove();
  await worker.stop();
});
afterEach(() => {
  for (const line of lines.splice(0)) line.remove();
});

const REFERENCE = { 'connector.class': 'io.x.Y', password: '${secret:orders:password}' };
const RUNNING = { state: 'RUNNING', worker_id: 'w:1' };

function asWorker(...[response, asked]: Parameters<Answer>): void {
  const orders = {
    info: { name: 'orders', config: REFERENCE, type: 'sink' },
    status: { name: 'orders', connector: RUNNING, tasks: [{ id: 0, ...RUNNING }], type: 'sink' },
  };
  const about = { version: '4.1.0', commit: 'c', kafka_cluster_id: 'cluster' };
  json(asked.url === '/' ? about : { orders })(response, asked);
}

type Asked = Pick<Output, 'args' | 'env'>;

export async function run(
  line: CommandLine,
  asked: Asked,
  options: RunOptions = {},
): Promise<Ended> {
  const placed = (text: string) =>
    text.replace('@worker', worker.url.origin).replace('@', `${line.home}/`);
  const env = {
    SECRETREG_REGISTRY: 'file:@registry.db',
    SECRETREG_MASTER_KEY_FILE: '@master.key',
    ...asked.env,
    ...options.env,
  };
  return line.run(asked.args.map(placed), {
    ...options,
    env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, placed(text)])),
  });
}

/** For what is no file at the end. */
export const NOTHING: Output = { title: '', by: '', args: [], file: '', mode: '600', fates: {} };

/** A copy of the home, with what the output is made of. */
export function newHome(output: Output): { line: CommandLine; place: string } {
  const { file, like, isMended } = output;
  const line = new CommandLine();
  lines.push(line);
  cpSync(template.home, line.home, { recursive: true });
  chmodSync(join(line.home, 'out'), 0o755);
  const port = `localhost_${worker.port}.json`;
  const place = join(line.home, file.replace(/worker\.json$/, port));
  const undo = `${join(line.home, like ?? '')}.secretreg-undo`;
  if (existsSync(undo)) cpSync(undo, `${place}.secretreg-undo`);
  if (isMended === true) putFile(place, contentFor(line, output), 0o640);
  return { line, place };
}

export function contentFor({ home }: CommandLine, { like }: Pick<Output, 'like'>): string {
  return like === undefined ? 'what stood there before\n' : readFileSync(join(home, like), 'utf8');
}

export function putFile(place: string, content: string, mode: number): void {
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  writeFileSync(place, content);
  chmodSync(place, mode);
}

export const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Of a new file; of one that was there, `before`. */
export function wantedMode({ mode }: Output, umask: number, before?: number): string {
  if (mode === '600' || mode === '400') return mode;
  if ((mode === 'kept' || mode === 'appended') && before !== undefined) return before.toString(8);
  return (0o666 & ~(umask & 0o077)).toString(8);
}

/** Everything below, with its kind and mode. */
export function below(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.sort().map((name) => {
      const stat = lstatSync(join(folder, name));
      return [name, stat.isSymbolicLink() ? 'link' : (stat.mode & 0o777).toString(8)];
    }),
  );
}

export interface Case {
  output: Output;
  title: string;
  by: string;
}
/** Rows of a table of tests. */
export const cases = (wanted: (output: Output) => boolean): Case[] =>
  outputs.filter(wanted).map((output) => ({ output, title: output.title, by: output.by }));
