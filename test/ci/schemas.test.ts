// docs/ci.md, action.yml and the hooks fit what others say of their form: the schemas that check-jsonschema brings, and
// pre-commit's own checks.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describePython, installed } from '../python.ts';
import { blocks } from './page.ts';

const SCHEMAS: Record<string, string> = {
  'github-workflow': 'vendor.github-workflows',
  'gitlab-ci': 'vendor.gitlab-ci',
  'azure-pipelines': 'vendor.azure-pipelines',
};

const folder = mkdtempSync(join(tmpdir(), 'secretreg-schemas-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describePython('the schema of', () => {
  let checker = '';
  let preCommit = '';

  beforeAll(async () => {
    checker = await installed(join(import.meta.dirname, 'check-jsonschema.txt'));
    preCommit = await installed(join(import.meta.dirname, 'pre-commit.txt'));
  }, 120_000);

  test.each(Object.keys(SCHEMAS))('%s fits what docs/ci.md has for it', (kind) => {
    const own = blocks.filter((block) => block.kind === kind);
    expect(own.length).toBeGreaterThan(0);
    for (const { text } of own) expect(check(SCHEMAS[kind] ?? '', text)).toBe('ok');
    expect(
      check(
        SCHEMAS[kind] ?? '',
        own[0]?.text.replace('steps:', 'stepz:').replace('script:', 'scriptz:') ?? '',
      ),
    ).not.toBe('ok');
  });

  test('an action fits action.yml', () => {
    const action = readFileSync('action.yml', 'utf8');
    expect(check('vendor.github-actions', action)).toBe('ok');
    expect(check('vendor.github-actions', action.replace('shell:', 'shel:'))).not.toBe('ok');
  });

  test('a hook fits .pre-commit-hooks.yaml, and the configuration of docs/ci.md names it', () => {
    const block = blocks.find(({ kind }) => kind === 'pre-commit-config');
    const config = write(block?.text ?? '');
    expect(run(preCommit, ['pre_commit', 'validate-manifest', '.pre-commit-hooks.yaml'])).toBe(
      'ok',
    );
    expect(run(preCommit, ['pre_commit', 'validate-config', config])).toBe('ok');
    expect(block?.text).toContain(
      /^- id: (.*)$/m.exec(readFileSync('.pre-commit-hooks.yaml', 'utf8'))?.[0],
    );
  });

  function check(schema: string, text: string): string {
    return run(checker, ['check_jsonschema', '--builtin-schema', schema, write(text)]);
  }
});

/** `ok`, or what it says. */
function run(packages: string, [module = '', ...args]: string[]): string {
  const env = { ...process.env, PYTHONPATH: packages };
  const { status, stdout, stderr } = spawnSync('python3', ['-m', module, ...args], {
    env,
    encoding: 'utf8',
  });
  return status === 0 ? 'ok' : stdout + stderr;
}

function write(text: string): string {
  const file = join(folder, 'snippet.yml');
  writeFileSync(file, text);
  return file;
}
