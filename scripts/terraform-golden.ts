// Asks the original, hashicorp/hcl, what it reads of many texts, and writes the answers down for the tests of our reader.
// Needs Go: `node scripts/terraform-golden.ts`.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { generator } from '../test/random.ts';
import { randomBody, resource } from '../test/documents/terraform/texts.ts';

const GOLDEN = 'fixtures/terraform/hcl.jsonl';
const RANDOM = 20_000;
const ACCEPTED = 300;
const REFUSED = 100;

const EDGES = [
  ...[
    '"$$${x}"',
    '"$$$${x}"',
    '"$$$$"',
    '"x$"',
    '"%%{ if }"',
    '"$$ {x} $"',
    '"\\$${x}"',
    '"\\${x}"',
  ],
  ...[
    '<<EOT\nx\nEOT',
    '<<EOT\nEOT',
    '<<EOT\r\nx\r\nEOT\r\n',
    '<<EOT\n$$${x}\nEOT',
    '<<EOT\nx ${"y"}EOT\nEOT',
  ],
  ...[
    '<<-EOT\n    x\n      y\n\n   \n    EOT',
    '<<EOT\n\\n "q" $${a:b}\nEOT',
    '<<-EOT\n  ${"x"}\n    y\n  EOT',
  ],
  ...[
    '<<-EOT\n\tx\n  y\n  EOT',
    '1.50',
    '12345678901234567890123',
    '1e3',
    '{ b = 1, "c" : 2 \n d = 3 }',
  ],
  ...[
    '{ b = 1 b = 2 }',
    '{ b = 1\n b = 2 }',
    '{\n b = "x",\n }',
    '{,}',
    '{ a-b = "x", 1 = "y" }',
    '("x")',
  ],
  ...[
    '"x${"y"}z"',
    '"x ${~ "y" ~} z"',
    '"a\nb"',
    "'x'",
    '"\\u00e9\\U0001F600\\t"',
    '"\\u00e"',
    '"\\ud83d"',
  ],
  ...[
    '"${secret:orders:password}"',
    '"${file:/a//b:c}"',
    '"%{ if true }x%{ endif }"',
    '{\n "b"\n = 1 }',
  ],
  ...[
    '{\n "b" =\n 1 }',
    '[\n1\n,\n2]',
    '"x" b = "y"',
    '"\\\n"',
    '{ for k in ["x"] : k => k }',
    '"a" "b"',
  ],
  ...[
    '"x" # c',
    '"y" // d',
    '"z" /* f\n */',
    '"x" ;',
    '"user="app""',
    '{ a = "b" # c\n d = "e" }',
    '<<EOT\nx',
  ],
].map((expression) => resource(` a = ${expression}`));

const random = generator(1);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const texts = Array.from({ length: RANDOM }, () =>
  resource(randomBody(pick, 1 + Math.floor(random() * 10))),
);

const told = ask([...EDGES, ...texts]);
const isEdge = (index: number) => index < EDGES.length;
let accepted = 0;
let refused = 0;
const kept = told.filter(({ refused: why }, index) => {
  if (isEdge(index)) return true;
  return why === undefined ? (accepted += 1) <= ACCEPTED : (refused += 1) <= REFUSED;
});
writeFileSync(GOLDEN, kept.map((it) => `${JSON.stringify(it)}\n`).join(''));

interface Told {
  text: string;
  refused?: string;
  values?: Record<string, unknown>;
}

function ask(questions: readonly string[]): Told[] {
  const answers = execFileSync('go', ['run', '.'], {
    cwd: 'test/documents/terraform/hcl',
    input: questions.map((text) => `${JSON.stringify(text)}\n`).join(''),
    maxBuffer: 1024 ** 3,
    encoding: 'utf8',
  });
  return answers
    .trimEnd()
    .split('\n')
    .map((line, index) => ({ text: questions[index] ?? '', ...(JSON.parse(line) as object) }));
}
