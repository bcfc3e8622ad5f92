// The workflows of docs/ci.md for GitHub, run by act, a runner of such workflows, with the action of this repository and the
// package as npm would have it, in a team's repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeGo, goProgram } from '../go.ts';
import { blocks } from './page.ts';

const ACT = 'github.com/nektos/act@v0.2.89';
/** Go fetches and compiles what act is made of. */
const LONGEST_BUILD_MS = 600_000;
const LONGEST_RUN_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'secretreg-action-'));
const team = join(folder, 'team');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const connector = (path: string) =>
  `{"name": "orders", "config": {"connector.class": "X", "p": "\${secret:${path}:p}"}}\n`;

describeGo('the action, in a runner', () => {
  let act = '';
  let packed = '';

  beforeAll(async () => {
    act = await goProgram(ACT);
    const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination'];
    mkdirSync(team);
    packed = execFileSync('npm', [...pack, team], { encoding: 'utf8' }).trim();
    for (const part of ['action.yml', 'ci', 'package.json'])
      cpSync(part, join(folder, 'secretreg', part), { recursive: true });
    // What GitHub has of its own, and what is not to be fetched: a Node.js is here, and nobody takes a report.
    const run = (name: string, script: string) =>
      `runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: ${script}\nname: ${name}\n`;
    const bin = dirname(process.execPath);
    write('../setup-node/action.yml', run('setup-node', `echo '${bin}' >> "$GITHUB_PATH"`));
    write(
      '../codeql-action/upload-sarif/action.yml',
      `inputs: {sarif_file: {required: true}}\n${run('upload-sarif', "cat '${{ inputs.sarif_file }}'")}`,
    );
    for (const name of ['secretreg', 'setup-node', 'codeql-action'])
      commit(join(folder, name), 'main');

    write('connectors/old.json', connector('payments'));
    commit(team, 'main');
    git(team, 'clone', '-q', '--bare', '.', join(folder, 'origin.git'));
    git(team, 'remote', 'add', 'origin', join(folder, 'origin.git'));
    git(team, 'fetch', '-q', 'origin');
    git(team, 'checkout', '-q', '-b', 'branch');
    write('connectors/orders.json', connector('ordes'));
    commit(team);
  }, LONGEST_BUILD_MS);

  test(
    'a pull request gets an annotation at each place that it made wrong, a table, and a failed check',
    () => {
      const { status, annotations, summary } = workflow(0, 'pull_request');
      expect(status).toBe(1);
      expect(annotations).toMatchObject([
        {
          command: 'error',
          arg: expect.stringContaining("refers to path 'ordes'"),
          kvPairs: { file: 'connectors/orders.json', line: '1', title: 'path-is-not-connector' },
        },
      ]);
      expect(summary).toContain('| error | `connectors/orders.json:1:70` | ');
    },
    LONGEST_RUN_MS,
  );

  test(
    'code scanning gets its report, though the step before it has failed',
    () => {
      const { status, annotations, printed } = workflow(1, 'push');
      expect(status).toBe(1);
      expect(annotations).toHaveLength(2);
      const { runs } = JSON.parse(printed) as { runs: { results: unknown[] }[] };
      expect(runs[0]?.results).toHaveLength(2);
    },
    LONGEST_RUN_MS,
  );

  /** The block of the page with this number. */
  function workflow(number: number, event: string) {
    const { text = '' } = blocks.filter(({ kind }) => kind === 'github-workflow')[number] ?? {};
    const [, action = ''] = /uses: (OWNER\/.*)/.exec(text) ?? [];
    // Which npm does not have yet.
    write('workflow.yml', text.replace('files:', `package: ./${packed}\n          files:`));
    write('event.json', JSON.stringify({ pull_request: { base: { ref: 'main' } } }));
    const local = Object.entries({
      [action]: 'secretreg',
      'actions/setup-node@v4': 'setup-node',
      'github/codeql-action@v3': 'codeql-action',
    }).flatMap(([name, at]) => ['--local-repository', `${name}=${join(folder, at)}`]);
    const { status, stdout } = spawnSync(
      act,
      [
        ...[event, '--json', '--workflows', 'workflow.yml', '--eventpath', 'event.json'],
        ...['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server'],
        ...['--action-cache-path', join(folder, 'act'), ...local],
      ],
      { cwd: team, encoding: 'utf8', env: { ...process.env, XDG_CONFIG_HOME: folder } },
    );
    const told = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Told);
    return {
      status,
      annotations: told.filter(({ command }) => command === 'error' || command === 'warning'),
      summary: told.find(({ command }) => command === 'summary')?.content,
      printed: told.flatMap((one) => (one.raw_output ? [one.msg] : [])).join(''),
    };
  }
});

/** A line of `act --json`. */
interface Told {
  msg: string;
  raw_output?: boolean;
  command?: string;
  arg?: string;
  kvPairs?: Record<string, string>;
  content?: string;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(team, file)), { recursive: true });
  writeFileSync(join(team, file), text);
}

/** With a name, in a new repository whose branch has it. */
function commit(at: string, newBranch?: string): void {
  if (newBranch !== undefined) git(at, 'init', '-q', '-b', newBranch);
  git(at, 'add', '.');
  git(at, '-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one');
}

function git(at: string, ...args: string[]): void {
  execFileSync('git', args, { cwd: at });
}
