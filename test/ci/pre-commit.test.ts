// The hook, installed from a clone of this tree and run by pre-commit itself, as a team would have it.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describePython, installed } from '../python.ts';

/** pre-commit makes an environment, and npm installs what the build needs. */
const LONGEST_INSTALLATION_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), 'secretreg-pre-commit-'));
const hooks = join(folder, 'hooks');
const team = join(folder, 'team');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describePython('the hook of pre-commit', () => {
  let packages = '';

  beforeAll(async () => {
    packages = await installed(join(import.meta.dirname, 'pre-commit.txt'));
    copyOfTree(hooks);
    commit(hooks);
    mkdirSync(team);
    write('.pre-commit-config.yaml', configuration(git(hooks, 'rev-parse', 'HEAD').trim()));
    write('connectors/orders.json', connector('orders'));
    write('tsconfig.json', '{\n  // no JSON\n}\n');
    write('values.yaml', 'replicas: {{ .Values.replicas }}\n');
    write('README.md', '${secret:orders:pasword}\n');
    commit(team);
  }, LONGEST_INSTALLATION_MS);

  test(
    'passes what is right and what is no connector',
    () => {
      const { status, stdout, stderr } = preCommit();
      expect(stdout + stderr).toMatch(/secretreg validate\.+Passed/);
      expect(status).toBe(0);
    },
    LONGEST_INSTALLATION_MS,
  );

  test(
    'stops a commit with a reference to the secret of another connector',
    () => {
      write('connectors/orders.json', connector('payments'));
      git(team, 'add', '.');
      const { status, stdout } = preCommit();
      expect(stdout).toContain('- hook id: secretreg-validate\n- exit code: 1\n');
      expect(stdout).toMatch(
        /^connectors\/orders\.json:1:\d+: error: .*\[path-is-not-connector\]$/m,
      );
      expect(status).toBe(1);
    },
    LONGEST_INSTALLATION_MS,
  );

  function preCommit() {
    return spawnSync('python3', ['-m', 'pre_commit', 'run', '--all-files'], {
      cwd: team,
      encoding: 'utf8',
      env: {
        ...process.env,
        PRE_COMMIT_HOME: join(folder, 'home'),
        PYTHONPATH: packages,
        PATH: `${ownNode()}:${process.env['PATH']}`,
        // What `npm test` sets for its children is not for the npm that pre-commit calls.
        npm_config_local_prefix: undefined,
      },
    });
  }
});

/** A folder with this Node.js under both names that pre-commit looks for. */
function ownNode(): string {
  const bin = join(folder, 'bin');
  if (spawnSync('test', ['-d', bin]).status !== 0) {
    mkdirSync(bin);
    for (const name of ['node', 'nodejs']) symlinkSync(process.execPath, join(bin, name));
  }
  return bin;
}

function configuration(rev: string): string {
  return [
    'repos:',
    `  - repo: ${hooks}`,
    `    rev: ${rev}`,
    '    hooks:',
    '      - id: secretreg-validate',
    '        language_version: system',
    '',
  ].join('\n');
}

function connector(path: string): string {
  const config = { 'connector.class': 'X', password: `\${secret:${path}:password}` };
  return `${JSON.stringify({ name: 'orders', config })}\n`;
}

/** As it is on the disk, committed or not. */
function copyOfTree(to: string): void {
  const names = git('.', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const name of new Set(names.split('\0'))) {
    if (name !== '') cpSync(name, join(to, name), { recursive: true });
  }
}

function commit(repository: string): void {
  git(repository, 'init', '-q');
  git(repository, 'add', '.');
  git(repository, '-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one');
}

function git(repository: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
}

function write(file: string, text: string): void {
  const place = join(team, file);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}
