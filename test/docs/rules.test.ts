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

test('a rule says what it needs beside the file', async () => {
  for (const { id, needs } of rules) {
    const file = join(goldensFolder, id, 'options.json');
    const given = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const needed = { verdicts: 'worker', values: 'values', existence: 'existence' };
    const found = Object.entries(needed).find(([name]) => given.includes(`"${name}"`));
    expect(found?.[1], id).toBe(needs);
  }
});

test('each rule is one file with its name', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/validator/rules')).filter(
    (file) => file !== 'index.ts',
  );
  expect(files.sort()).toEqual(rules.map(({ id }) => `${id}.ts`).sort());
});

const IGNORING = `## Ignoring a finding

What is meant can be ignored where it stands, with the reason, in formats that have comments: behind the setting, or on the
line in front of it. For a whole file it stands in front of all settings. \`externalize\` leaves what is ignored of \`literal-secret\`;
\`resolve\` and \`run\` ignore nothing.

\`\`\`yaml
# secretreg-ignore RULE the reason why it is meant
# secretreg-ignore-file RULE the reason why it is meant
\`\`\`

For all files the severity is set with \`--rule RULE=off\` (or error, warning, note), or in \`secretreg.yaml\`, where files can
be excluded too, from its folder on:

\`\`\`yaml
validate:
  rules: {RULE: off}
  exclude: [templates/]
\`\`\`

What there was before secretreg came can wait in a baseline: \`--write-baseline FILE\` writes it, and with \`--baseline FILE\`
only what is new is told. \`parse-error\` is never off or ignored: nothing would be known of such a file.`;

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
  const sections = await Promise.all(rules.map((rule) => section(rule)));
  return `${[intro.join('\n'), IGNORING, ...sections].join('\n\n')}\n`;
}

const NEEDS = {
  existence: ' Checked where a registry or a manifest is at hand.',
  values: '',
  worker: ' Asked of the worker, with `--connect`.',
};

async function section({ id, severity, sentence, mends, needs }: Rule): Promise<string> {
  const input = readFileSync(inputOf(id), 'utf8').trimEnd();
  const context = needs === undefined ? '' : NEEDS[needs];
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
