// The rule literal-secret beside gitleaks and secretlint, on the labelled corpus: how many of the labelled secrets each finds,
// and how many of the lines it reports hold one. `node scripts/compare-scanners.ts GITLEAKS SECRETLINT`, where the first
// is the program and the second the folder in which it is installed: neither is a part of this project.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { positionsIn } from '../src/documents/position.ts';
import { validate } from '../src/validator/validate.ts';
import {
  corpusFiles,
  corpusOptions,
  filesFolder,
  labels,
  placeOf,
  textOf,
} from '../test/validator/corpus.ts';

/** Lines, 1-based, of a file. `name` is that of a label's kind, or of the scanner's rule. */
interface Lines {
  file: string;
  from: number;
  to: number;
  name: string;
}

interface Scanner {
  name: string;
  version: string;
  found: readonly Lines[];
}

const [gitleaks, secretlintFolder] = process.argv.slice(2);
if (gitleaks === undefined || secretlintFolder === undefined) {
  console.error(
    'node scripts/compare-scanners.ts GITLEAKS SECRETLINT_FOLDER    (see docs/comparison.md)',
  );
  process.exit(2);
}

const secrets: Lines[] = labels
  .filter(({ rule }) => rule === 'literal-secret')
  .map((label) => {
    const positions = positionsIn(textOf(label.file));
    const { start, end } = placeOf(label);
    return linesOf(label.file, positions.at(start).line, positions.at(end - 1).line, label.kind);
  });

const scanners = [
  await ownFindings(),
  gitleaksFindings(gitleaks),
  secretlintFindings(secretlintFolder),
];
const result = {
  files: corpusFiles.length,
  secrets: secrets.length,
  scanners: scanners.map((scanner) => ({
    name: scanner.name,
    version: scanner.version,
    ...scoreOf(scanner.found),
  })),
};
writeFileSync('bench/results/scanners.json', `${JSON.stringify(result, undefined, 2)}\n`);
console.log(tableOf());

async function ownFindings(): Promise<Scanner> {
  const { existence: _, ...options } = corpusOptions();
  const inputs = corpusFiles.map((file) => ({ file, text: textOf(file), found: true }));
  const reports = await validate(inputs, options);
  const found = reports
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ rule }) => rule === 'literal-secret')
    .map(({ file, line, endLine, rule }) => linesOf(file, line, endLine, rule));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return { name: 'secretreg', version, found };
}

function gitleaksFindings(program: string): Scanner {
  const output = run(resolve(program), [
    ...['dir', '.', '--no-banner', '--log-level', 'error', '--exit-code', '0'],
    ...['--report-format', 'json', '--report-path', '-'],
  ]);
  const findings = JSON.parse(output) as Array<
    Record<'File' | 'RuleID', string> & Record<'StartLine' | 'EndLine', number>
  >;
  return {
    name: 'gitleaks',
    // Its own build writes the version that was asked for into the program only there.
    version:
      /mod\s+\S*gitleaks\S*\s+(v\S+)/.exec(run('go', ['version', '-m', resolve(program)]))?.[1] ??
      'unknown',
    found: findings.map(({ File, StartLine, EndLine, RuleID }) =>
      linesOf(File, StartLine, EndLine, RuleID),
    ),
  };
}

function secretlintFindings(folder: string): Scanner {
  const temporary = mkdtempSync(join(tmpdir(), 'secretlint-'));
  const settings = join(resolve(folder), '.secretlintrc.json');
  writeFileSync(
    settings,
    JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] }),
  );
  const program = join(resolve(folder), 'node_modules/secretlint');
  const output = join(temporary, 'report.json');
  run(process.execPath, [
    join(program, 'bin/secretlint.js'),
    ...[
      '--secretlintrc',
      settings,
      '--no-gitignore',
      '--format',
      'json',
      '--output',
      output,
      '**/*',
    ],
  ]);
  const files = JSON.parse(readFileSync(output, 'utf8')) as Array<{
    filePath: string;
    messages: Array<{ ruleId: string; loc: Record<'start' | 'end', { line: number }> }>;
  }>;
  rmSync(temporary, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(program, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    name: 'secretlint',
    version,
    found: files.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, loc }) =>
        linesOf(relative(filesFolder, filePath), loc.start.line, loc.end.line, ruleId),
      ),
    ),
  };
}

/** In the folder of the files. A scanner that finds something may say so by its exit code. */
function run(program: string, args: readonly string[]): string {
  const { stdout, stderr, status, error } = spawnSync(program, args, {
    cwd: filesFolder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}

function scoreOf(found: readonly Lines[]) {
  const hit = secrets.filter((secret) => found.some((it) => overlap(it, secret)));
  // What is reported twice of the same lines is one alarm.
  const alarms = [...new Map(found.map((it) => [`${it.file}:${it.from}-${it.to}`, it])).values()];
  const right = alarms.filter((it) => secrets.some((secret) => overlap(it, secret)));
  const byKind = Object.fromEntries(
    kinds().map((kind) => [kind, hit.filter(({ name }) => name === kind).length]),
  );
  return {
    found: hit.length,
    alarms: alarms.length,
    falseAlarms: alarms.length - right.length,
    precision: ratio(right.length, alarms.length),
    recall: ratio(hit.length, secrets.length),
    byKind,
  };
}

function tableOf(): string {
  const heads = ['', ...result.scanners.map(({ name, version }) => `${name} ${version}`)];
  const row = (what: string, value: (score: (typeof result.scanners)[number]) => string) => [
    what,
    ...result.scanners.map(value),
  ];
  const rows = [
    row(`found of ${secrets.length}`, ({ found }) => `${found}`),
    row('recall', ({ recall }) => percent(recall)),
    row('alarms, false ones', ({ alarms, falseAlarms }) => `${alarms}, ${falseAlarms}`),
    row('precision', ({ precision }) => percent(precision)),
    ...kinds().map((kind) =>
      row(
        `${kind}, ${secrets.filter(({ name }) => name === kind).length}`,
        ({ byKind }) => `${byKind[kind]}`,
      ),
    ),
  ];
  return [heads, heads.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function kinds(): string[] {
  return [...new Set(secrets.map(({ name }) => name))].sort();
}

function overlap(a: Lines, b: Lines): boolean {
  return a.file === b.file && a.from <= b.to && a.to >= b.from;
}

function linesOf(file: string, from: number, to: number, name = 'other'): Lines {
  return { file, from, to, name };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((part / whole).toFixed(4));
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
