// Asks the original, compose-spec/compose-go, what Docker Compose makes of many strings, and writes the answers down for the
// tests of our reader. Needs Go: `node scripts/compose-golden.ts`.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { generator } from '../test/random.ts';

const GOLDEN = 'fixtures/compose/strings.jsonl';
const RANDOM = 400;

const EDGES = [
  ...[
    '',
    'x',
    '$',
    'x$',
    '$$',
    '$$$',
    '$$$$',
    '$1',
    '$(x)',
    '$$(x)',
    '$-',
    '$ x',
    '$_',
    '$A',
    '$$A',
  ],
  ...[
    '$$$A',
    '$A$B',
    '$A-b',
    '$é',
    '${A}',
    '$${A}',
    '$$${A}',
    '${A}}',
    '{${A}}',
    '${A:-x}',
    '${A-}',
  ],
  ...['${A:?no}', '${A?no}', '${A:-${B}}', '${A:-$B}', '${A:-{}}', '${A:-$$}', '${A:-}}', '${A.b}'],
  ...['${}', '${', '${A', '${1}', '${secret:orders:password}', '$${secret:orders:password}'],
  ...['\\${secret:orders:password}', '\\$${secret:orders:password}', '${env:X}', '${secret:-a:b}'],
];
const PARTS = [
  '$',
  '$',
  '{',
  '}',
  'A',
  'b',
  '_',
  '1',
  ':',
  '-',
  '?',
  ':-',
  '${A}',
  '$$',
  ' ',
  '"',
  "'",
];

const random = generator(1);
const some = Array.from({ length: RANDOM }, () =>
  Array.from(
    { length: 1 + Math.floor(random() * 9) },
    () => PARTS[Math.floor(random() * PARTS.length)],
  ).join(''),
);
const questions = [...new Set([...EDGES, ...some])].map((text) => JSON.stringify(text));
const answers = execFileSync('go', ['run', '.'], {
  cwd: 'test/documents/compose/template',
  input: questions.map((text) => `${text}\n`).join(''),
  encoding: 'utf8',
})
  .trimEnd()
  .split('\n');
writeFileSync(GOLDEN, questions.map((text, at) => `[${text},${answers[at] ?? ''}]\n`).join(''));
