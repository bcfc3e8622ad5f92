// docs/rules.md is made from the rules and from the case of fixtures/validate/ that has the name of each.
// UPDATE_GOLDENS=1 rewrites it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rule } from '../../src/validator/rule.ts';
import { rules } from '../../src/validator/rules/index.ts';
import {
  goldenFindings,
  goldenReport,
  goldensFolder,
  inputOf,
} from '../validator/golden-report.ts';

const page = join(import.meta.dirname, '../../docs/rules.md');

test('docs/rules.md shows every rule with an example and what the tool says about it', async () => {
  const actual = await rulesPage();
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(page, actual);
  expect(actual).toBe(readFileSync(page, 'utf8'));
});

test.each(rules.map(({ id }) => id))('the example of %s breaks that rule', async (id) => {
  expect(await goldenReport(id, 'text')).toContain(`[${id}]`);
});

test('a rule says what --fix mends where it has a fix, and only there', async () => {
  const found = await Promise.all(readdirSync(goldensFolder).map((name) => goldenFindings(name)));
  const fixed = found.flatMap(({ files }) =>
    files.flatMap(({ diagnostics }) =>
      diagnostics.flatMap(({ rule, fix }) => (fix === undefined ? [] : [rule])),
    ),
  );
  const mending = rules.filter(({ mends }) => mends !== undefined).map(({ id }) => id);
  expect([...new Set(fixed)].sort()).toEqual(mending.sort());
});

test('each rule is one file with its name', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/validator/rules')).filter(
    (file) => file !== 'index.ts',
  );
  expect(files.sort()).toEqual(rules.map(({ id }) => `${id}.ts`).sort());
});

const IGNORING = [
  '## Ignoring a finding',
  '',
  'A severity of its own, or none, in `secretreg.yaml` of the project, or as a flag, `--rule RULE=off`:',
  '',
  '```yaml',
  'validate:',
  '  rules: {RULE: off}        # error, warning, note or off',
  "  exclude: ['templates/']   # files that are not looked at, from this file's folder on",
  '```',
  '',
  '`parse-error` cannot be off: nothing would be known of such a file.',
];

async function rulesPage(): Promise<string> {
  const intro = [
    '# Rules of `secretreg validate`',
    '',
    'This page is made from the rules and their fixtures; `test/docs/rules.test.ts` compares it.',
    'A reference gives one finding, for its first fault. What a line of your file holds beside names and references is shown as `*`.',
    '',
    '| rule | default | what |',
    '|---|---|---|',
    ...rules.map(
      ({ id, severity, sentence }) => `| [\`${id}\`](#${id}) | ${severity} | ${sentence} |`,
    ),
  ];
  const ignoring = IGNORING.join('\n');
  const sections = await Promise.all(rules.map((rule) => section(rule)));
  return `${[intro.join('\n'), ignoring, ...sections].join('\n\n')}\n`;
}

async function section({ id, severity, sentence, mends }: Rule): Promise<string> {
  const input = readFileSync(inputOf(id), 'utf8').trimEnd();
  const options = join(goldensFolder, id, 'options.json');
  const given = existsSync(options) ? readFileSync(options, 'utf8') : '';
  const context = given.includes('"existence"')
    ? ' Checked where a registry is at hand.'
    : given.includes('"verdicts"')
      ? ' Asked of the worker, with `--connect`.'
      : '';
  return [
    `## ${id}`,
    '',
    `${sentence}${context}`,
    '',
    `Default: ${severity}. ${mends === undefined ? '`--fix` leaves it to you.' : `\`--fix\` mends it ${mends}`}`,
    '',
    `\`\`\`${extname(inputOf(id)).slice(1)}`,
    input,
    '```',
    '',
    '```',
    (await goldenReport(id, 'text')).trimEnd(),
    '```',
  ].join('\n');
}
