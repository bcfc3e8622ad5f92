// The reader of scripts beside Bash itself: what it says that a command is given, Bash gives to that command.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { parseJson } from '../../../src/documents/json.ts';
import { readScript, type Part } from '../../../src/documents/shell/script.ts';
import { parseShell } from '../../../src/documents/shell/shell.ts';
import { written } from '../../../src/documents/shell/write.ts';
import { leavesOf } from '../laws.ts';

const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

/** What the scripts write, cut where they write a zero. No variable is set. */
function bash(scripts: readonly string[]): string[] {
  const output = execFileSync('bash', ['-s'], {
    input: scripts.join('\n'),
    env: { LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
  });
  return output.split('\0').slice(0, -1);
}

/** Variables that are not set, and commands without output, leave nothing. */
function afterExpansion(parts: readonly Part[]): string {
  return parts.map(({ isExpansion, text }) => (isExpansion ? '' : text)).join('');
}

/** `$V` with a sign behind it: over the end of a line that goes on, Bash would read on in the name. */
const EXPANSIONS = [
  '$V/',
  '${V}',
  '${V:-}',
  '${secret:orders:password}',
  '$(true)',
  '`true`',
  '$(true "$(true \')\')")',
  '${V:-"${W}"}',
];
const signs = (...some: readonly string[]) =>
  fc.array(fc.constantFrom(...some), { maxLength: 6 }).map((it) => it.join(''));

const single = signs('a', ' ', '"', '\\', '$V', '`', '\n', '#', '{', 'é', '😀', '$(').map(
  (it) => `'${it}'`,
);
const double = signs(
  ...[
    'a',
    ' ',
    "'",
    '\\a',
    '\\"',
    '\\\\',
    '\\$',
    '\\`',
    '\\\n',
    '\n',
    '{',
    'é',
    '$ ',
    ...EXPANSIONS,
  ],
).map((it) => `"${it}"`);
const ansi = signs('a', ' ', '"', "\\'", '\\\\', '\\n', '\\t', '$V', 'é').map((it) => `$'${it}'`);
const bare = signs(
  'a',
  '.',
  '-',
  '/',
  '=',
  ':',
  ',',
  '\\ ',
  "\\'",
  '\\"',
  '\\$',
  '\\\\',
  '\\\n',
  ...EXPANSIONS,
);

const word = fc
  .array(fc.oneof(single, double, ansi, bare), { minLength: 1, maxLength: 5 })
  // A word that would be empty is none, unless something of it is in quotes.
  .map((segments) => `'w'${segments.join('')}`);

test(`words are what Bash makes of them (seed ${SEED})`, () => {
  console.log(`SECRETREG_TEST_SEED=${SEED}`);
  const samples = fc.sample(fc.array(word, { minLength: 1, maxLength: 4 }), {
    numRuns: 1000,
    seed: SEED,
  });
  const scripts = samples.map((words) => `printf '%s\\0' ${words.join(' ')}`);
  const told = scripts.flatMap((script) =>
    readScript(script)
      .commands.filter(({ outer }) => outer === undefined)
      .flatMap(({ words }) => words)
      .slice(2)
      .map(afterExpansion),
  );
  expect(told).toEqual(bash(scripts));
});

const line = signs(
  'a',
  ' ',
  '"',
  "'",
  '\\a',
  '\\$',
  '\\\\',
  '\\`',
  '\t',
  'é',
  'E',
  '#',
  '{}',
  ...EXPANSIONS,
);
const hereDocument = fc.record({
  lines: fc.array(line, { maxLength: 5 }),
  dash: fc.constantFrom('', '-'),
  quote: fc.constantFrom('', "'", '"', '\\'),
});

test(`here-documents are what Bash makes of them (seed ${SEED})`, () => {
  const samples = fc.sample(hereDocument, { numRuns: 1000, seed: SEED });
  const scripts = samples.map(({ lines, dash, quote }) => {
    const delimiter = quote === '\\' ? '\\END' : `${quote}END${quote}`;
    return `cat <<${dash} ${delimiter}; printf '\\0'\n${lines.map((it) => `${it}\n`).join('')}${dash === '' ? '' : '\t'}END`;
  });
  const told = scripts.flatMap((script) =>
    readScript(`${script}\n`).commands.flatMap(({ hereDocuments }) =>
      hereDocuments.map(afterExpansion),
    ),
  );
  expect(told).toEqual(bash(scripts));
});

const JSON_SIGNS = ['a', ' ', "'", '"', '\\', '$', '`', '${secret:a:b}', 'é', '\n', '#'] as const;
const value = signs(...JSON_SIGNS);
const change = fc.record({
  value,
  put: value,
  start: fc.nat(12),
  length: fc.nat(12),
  quoting: fc.constantFrom(
    'single',
    'double',
    'ansi',
    'none',
    'here',
    'literal',
    'spliced',
    'bare',
  ),
});

/** A script that writes the text. */
function scriptFor(text: string, quoting: string): string {
  switch (quoting) {
    case 'single':
      return `printf '%s\\0' '${written(text, 'single')}'`;
    case 'double':
      return `printf '%s\\0' "${written(text, 'double')}"`;
    case 'bare':
      // A dollar sign in front of what is no name needs no backslash.
      return `printf '%s\\0' "${written(text, 'double').replace(/\\\$(?=[ 'é])/g, '$')}"`;
    case 'ansi':
      return `printf '%s\\0' $'${written(text, 'ansi')}'`;
    case 'none':
      return `printf '%s\\0' ${written(text, 'none')}`;
    case 'here':
      return `cat <<END; printf '\\0'\n${written(text, 'here')}\nEND\n`;
    case 'literal':
      return `cat <<'END'; printf '\\0'\n${text}\nEND\n`;
    default: {
      // In turn in single quotes, in double ones and in none.
      const third = Math.ceil(text.length / 3);
      const [first, second, rest] = [
        text.slice(0, third),
        text.slice(third, 2 * third),
        text.slice(2 * third),
      ];
      return `printf '%s\\0' '${written(first, 'single')}'"${written(second, 'double')}"${written(rest, 'none')}`;
    }
  }
}

test(`what is written into a text is what the command gets (seed ${SEED})`, () => {
  const samples = fc.sample(change, { numRuns: 2000, seed: SEED });
  const scripts: string[] = [];
  const wanted: string[] = [];
  for (const { value: before, put, start, length, quoting } of samples) {
    const script = scriptFor(JSON.stringify({ 'connector.class': 'X', password: before }), quoting);
    const [held] = parseShell(script).held ?? [];
    const document = held?.place(parseJson(held.text));
    const leaf = document && leavesOf(document)[1];
    expect(leaf?.value, script).toBe(before);
    const from = Math.min(start, before.length);
    const to = Math.min(from + length, before.length);
    const edits =
      document?.replace(leaf?.pointer ?? '', [{ start: from, end: to, text: put }]) ?? [];
    scripts.push(applyEdits(script, edits));
    wanted.push(before.slice(0, from) + put + before.slice(to));
  }
  const got = bash(scripts).map((it) => (JSON.parse(it) as { password: string }).password);
  expect(got).toEqual(wanted);
});
