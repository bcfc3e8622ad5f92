// The rule literal-secret beside gitleaks and secretlint, on the labelled corpus (docs/comparison.md says how to get them):
// `node scripts/compare-scanners.ts GITLEAKS SECRETLINT`, the first a program, the second the folder of its installation.
// Writes bench/results/scanners.json and the table of the page.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { filesFolder } from '../test/validator/corpus.ts';
import { comparisonOf, comparisonTable, type Lines, ownLines, scoreOf } from './scanner-score.ts';

const [gitleaks, secretlint] = process.argv.slice(2);
if (gitleaks === undefined || secretlint === undefined) {
  console.error('node scripts/compare-scanners.ts GITLEAKS SECRETLINT    (see docs/comparison.md)');
  process.exit(2);
}

const comparison = comparisonOf([
  { name: 'secretreg', version: versionIn('.'), ...scoreOf(await ownLines()) },
  { name: 'gitleaks', ...gitleaksScore(resolve(gitleaks)) },
  { name: 'secretlint', ...secretlintScore(resolve(secretlint)) },
]);
writeFileSync('bench/results/scanners.json', `${JSON.stringify(comparison, undefined, 2)}\n`);
const table = comparisonTable(comparison);
const page = readFileSync('docs/comparison.md', 'utf8');
writeFileSync('docs/comparison.md', page.replace(/(?<=\n\n)\| \d+ secrets[^]*?(?=\n\n)/, table));
console.log(table);

function gitleaksScore(program: string) {
  const output = run(program, [
    ...['dir', '.', '--no-banner', '--log-level', 'error', '--exit-code', '0'],
    ...['--report-format', 'json', '--report-path', '-'],
  ]);
  const findings = JSON.parse(output) as Array<{
    File: string;
    StartLine: number;
    EndLine: number;
  }>;
  // The program itself knows its version only where its own makefile built it.
  const built = run('go', ['version', '-m', program]);
  return {
    version: /^\s*mod\s+\S+\s+(\S+)/m.exec(built)?.[1] ?? 'unknown',
    ...scoreOf(
      findings.map(({ File, StartLine, EndLine }) => ({
        file: File,
        from: StartLine,
        to: EndLine,
      })),
    ),
  };
}

function secretlintScore(folder: string) {
  const temporary = mkdtempSync(join(tmpdir(), 'secretlint-'));
  const settings = join(folder, '.secretlintrc.json');
  const preset = '@secretlint/secretlint-rule-preset-recommend';
  writeFileSync(settings, JSON.stringify({ rules: [{ id: preset }] }));
  const installed = join(folder, 'node_modules/secretlint');
  const output = join(temporary, 'report.json');
  run(process.execPath, [
    join(installed, 'bin/secretlint.js'),
    ...['--secretlintrc', settings, '--no-gitignore', '--format', 'json', '--output', output],
    '**/*',
  ]);
  const files = JSON.parse(readFileSync(output, 'utf8')) as Array<{
    filePath: string;
    messages: Array<{ loc: Record<'start' | 'end', { line: number }> }>;
  }>;
  rmSync(temporary, { recursive: true });
  const lines: Lines[] = files.flatMap(({ filePath, messages }) =>
    messages.map(({ loc }) => ({
      file: relative(filesFolder, filePath),
      from: loc.start.line,
      to: loc.end.line,
    })),
  );
  return { version: versionIn(installed), ...scoreOf(lines) };
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

function versionIn(folder: string): string {
  const file = readFileSync(join(folder, 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
