// Pages of CLI sessions: each ```console block of a page is run as a person would type it, and what came out is
// compared with what stands there. UPDATE_GOLDENS=1 writes it anew.
//   $ command        a line for the shell; `secretreg` is the built command line, HOME and the folder are fresh
//   text             stdout
//   ! text           stderr
//   ? 1              exit code, where it is not 0
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const BIN = resolve('bin/secretreg.js');

export interface PlayOptions {
  /** More variables of the environment, which stand in the page by their names. */
  env?: Record<string, string>;
  /** More texts that differ from run to run, and what stands in the page for them. */
  stands?: readonly (readonly [string, string])[];
  /** The Node.js that runs the commands; that of the tests without. */
  node?: string;
  /** What one command may take: a minute without. */
  timeoutMs?: number;
  /** The heading, without its `## `, of the section that alone is run. */
  section?: string;
}

/** The page with the output of its commands as they are now. */
function rerun(page: string, options: PlayOptions): string {
  const { before, part, after } = sectionOf(page, options.section);
  const scratch = makeScratch(options);
  try {
    const played = part.replace(
      /```console\n([^]*?)```/g,
      (_, block: string) => `\`\`\`console\n${runBlock(block, scratch)}\`\`\``,
    );
    return before + played + after;
  } finally {
    spawnSync('chmod', ['-R', 'u+rwX', scratch.root]);
    rmSync(scratch.root, { recursive: true, force: true });
  }
}

/** The whole page is the part where no section is named. */
function sectionOf(
  page: string,
  section: string | undefined,
): { before: string; part: string; after: string } {
  if (section === undefined) return { before: '', part: page, after: '' };
  const start = page.indexOf(`\n## ${section}\n`) + 1;
  if (start === 0) throw new Error(`the page has no section '${section}'`);
  const next = page.indexOf('\n## ', start);
  const end = next === -1 ? page.length : next;
  return { before: page.slice(0, start), part: page.slice(start, end), after: page.slice(end) };
}

/** Runs a page file; answers what stands there and what came out. */
export function playPage(
  file: string,
  options: PlayOptions = {},
): { expected: string; actual: string } {
  const expected = readFileSync(file, 'utf8');
  const actual = rerun(expected, options);
  if (process.env['UPDATE_GOLDENS'] && actual !== expected) writeFileSync(file, actual);
  return { expected: process.env['UPDATE_GOLDENS'] ? actual : expected, actual };
}

interface Scratch {
  root: string;
  work: string;
  env: Record<string, string>;
  stands: readonly (readonly [string, string])[];
  timeoutMs: number;
}

function makeScratch({
  env = {},
  stands = [],
  node = process.execPath,
  timeoutMs = 60_000,
}: PlayOptions): Scratch {
  const root = mkdtempSync(join(tmpdir(), 'secretreg-page-'));
  const work = join(root, 'work');
  const bin = join(root, 'bin');
  mkdirSync(work);
  mkdirSync(bin);
  writeFileSync(join(bin, 'secretreg'), `#!/bin/sh\nexec '${node}' '${BIN}' "$@"\n`);
  chmodSync(join(bin, 'secretreg'), 0o755);
  const path = `${bin}:${dirname(node)}:${process.env['PATH'] ?? ''}`;
  return {
    root,
    work,
    env: {
      ...{ PATH: path, HOME: join(root, 'home'), LC_ALL: 'C.UTF-8', FIXTURES: resolve('fixtures') },
      ...env,
    },
    stands,
    timeoutMs,
  };
}

function runBlock(block: string, scratch: Scratch): string {
  const commands = block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => commandOf(part));
  return commands.map((command) => `$ ${command}\n${play(command, scratch)}`).join('');
}

/** The command may go on over lines that end with a backslash. */
function commandOf(part: string): string {
  const lines = part.split('\n');
  const end = lines.findIndex((line) => !line.endsWith('\\'));
  return lines.slice(0, end + 1).join('\n');
}

function play(command: string, { root, work, env, stands, timeoutMs }: Scratch): string {
  const done = spawnSync('/bin/bash', ['-c', command], {
    cwd: work,
    env,
    encoding: 'utf8',
    input: '',
    timeout: timeoutMs,
    // What waits for a file has no turn in which to handle another signal.
    killSignal: 'SIGKILL',
  });
  const out = lines(done.stdout).map((line) => `${line}\n`);
  const err = lines(done.stderr).map((line) => `! ${line}\n`.replace(/ +\n$/, '\n'));
  const exit = done.status === 0 ? [] : [`? ${done.status ?? done.signal}\n`];
  const shown = normalize([...out, ...err, ...exit].join(''), root);
  return stands.reduce((text, [from, to]) => text.replaceAll(from, to), shown);
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function normalize(text: string, root: string): string {
  return text
    .replaceAll(`${root}/home`, '~')
    .replaceAll(`${root}/work`, '.')
    .replaceAll(resolve('fixtures'), '$FIXTURES')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<time>')
    .replace(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replace(/\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g, '<id>')
    .replace(/secretreg \d\S* on Node\.js .*/g, 'secretreg <version>')
    .replace(YOU, 'User:<you>');
}

/** A text as a pattern that fits it alone. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whoever runs the tests; the people of a page keep their names. */
const YOU = new RegExp(`\\bUser:${literal(userInfo().username)}(?![\\w.-])`, 'g');
