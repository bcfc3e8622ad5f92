// What docs/ci.md and action.yml run, run: by the shell, with the package as npm would have it, in a team's repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { blocks } from './page.ts';

const ROOT = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'secretreg-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const WRONG =
  '{"name": "orders", "config": {"connector.class": "X", "p": "${secret:payments:p}"}}\n';
const RIGHT = WRONG.replace('payments', 'orders');

let packed = '';

beforeAll(() => {
  packed = npm(ROOT, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder).trim();
  write('.gitignore', 'node_modules\n');
  write('package.json', '{}\n');
  write('connectors/old.json', WRONG);
  npm(folder, 'install', '--no-audit', '--no-fund', '--no-save', join(folder, packed));
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one');
  write('connectors/orders.json', RIGHT);
}, 300_000);

test('the snippets name the version of this package', () => {
  const named = [
    ...readFileSync('docs/ci.md', 'utf8').matchAll(/secretreg@v?([\d.]+\d)|rev: v([\d.]+\d)/g),
  ];
  expect(named.length).toBeGreaterThan(7);
  for (const [, first, second] of named) expect(first ?? second).toBe(version);
});

describe('the commands of docs/ci.md', () => {
  const scripts = blocks.flatMap(({ kind, text }) => scriptsOf(kind, text));

  test('are found', () => expect(scripts).toHaveLength(4));

  test.each(scripts)(
    '%s',
    (script) => {
      const { status, stdout, stderr } = shell(script, { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD' });
      // Only the old file is wrong.
      expect([status, stderr]).toEqual([script.includes('--changed-since') ? 0 : 1, '']);
      expect(stdout).toMatch(
        script.includes('json') ? /./ : /^(?:connectors\/old|no problems in 1 file)/,
      );
      for (const [, file = ''] of script.matchAll(/--report \w+=(\S+)/g)) {
        expect(readFileSync(join(folder, file), 'utf8')).toContain('path-is-not-connector');
        rmSync(join(folder, file));
      }
    },
    60_000,
  );
});

describe('the action', () => {
  const run = (inputs: Record<string, string> = {}) => {
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, '');
    const all = {
      FILES: 'connectors/',
      CHANGED_SINCE: '',
      MANIFEST: '',
      FAIL_ON: 'error',
      SARIF: '',
      ARGS: '',
      PACKAGE: `./${packed}`,
    };
    const variables = Object.entries({ ...all, ...inputs }).map(([name, value]) => [
      `INPUT_${name}`,
      value,
    ]);
    const env = {
      GITHUB_ACTION_PATH: ROOT,
      GITHUB_STEP_SUMMARY: summary,
      ...(Object.fromEntries(variables) as Record<string, string>),
    };
    return {
      ...shell('"$GITHUB_ACTION_PATH/ci/action.sh"', env),
      summary: readFileSync(summary, 'utf8'),
    };
  };

  test('hands each of its inputs to the script', () => {
    const { inputs, runs } = parse(readFileSync('action.yml', 'utf8')) as {
      inputs: Record<string, unknown>;
      runs: { steps: { env?: Record<string, string> }[] };
    };
    const given = Object.values(runs.steps[1]?.env ?? {}).flatMap(
      (text) => /inputs\.([\w-]+)/.exec(text)?.[1] ?? [],
    );
    expect(given).toEqual(Object.keys(inputs));
  });

  test('annotates, writes the summary and a report for code scanning, and fails', () => {
    const { status, stdout, summary } = run({ SARIF: 'out.sarif', ARGS: '--all-providers\n' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=connectors\/old\.json,line=1,/m);
    expect(summary).toContain('path-is-not-connector');
    expect(readFileSync(join(folder, 'out.sarif'), 'utf8')).toContain('path-is-not-connector');
  }, 60_000);

  test('runs nothing that lies in the checkout', () => {
    const own = join(folder, 'node_modules/secretreg/bin/secretreg.js');
    const text = readFileSync(own);
    writeFileSync(own, "require('fs').writeFileSync('stolen', '')");
    vi.stubEnv('npm_config_offline', 'true');
    const { stderr } = run({ PACKAGE: '' });
    vi.unstubAllEnvs();
    writeFileSync(own, text);
    expect(stderr).toContain('npm error');
    expect(existsSync(join(folder, 'stolen'))).toBe(false);
  }, 60_000);

  test('looks only at what changed where it is told to', () => {
    expect(run({ CHANGED_SINCE: 'HEAD' }).status).toBe(0);
  }, 60_000);

  test('takes no word of an input for a command or a flag', () => {
    const { status, stderr } = run({ FILES: '$(touch stolen)\n--help\n; touch stolen\n' });
    expect(status).toBe(3);
    expect(stderr).toContain("'$(touch stolen)' cannot be read");
    expect(existsSync(join(folder, 'stolen'))).toBe(false);
  }, 60_000);
});

/** The commands of a block that call secretreg. */
function scriptsOf(kind: string, text: string): string[] {
  const lines =
    kind === 'sh'
      ? text.split('\n')
      : text.split('\n').map((line) => /^\s*-(?: script:)? (npx .*)$/.exec(line)?.[1] ?? '');
  return lines.filter((line) => line.startsWith('npx '));
}

function shell(command: string, variables: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: folder,
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      ...variables,
    },
  });
  return { status, stdout, stderr };
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8' });
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: folder });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
