// Asks the original, hashicorp/hcl, what it reads of many texts, and writes the answers down for the tests of our reader.
// Needs Go: `node scripts/terraform-golden.ts`.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { generator } from '../test/random.ts';
import {
  jsonResource,
  randomBody,
  randomJson,
  resource,
} from '../test/documents/terraform/texts.ts';

const GOLDEN = 'fixtures/terraform/hcl.jsonl';
const GOLDEN_OF_JSON = 'fixtures/terraform/hcl-json.jsonl';
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

const JSON_EDGES = [
  ...['$${x}', '$$${x}', '$$$${x}', '$$$$', 'x$', '%%{ if }', '$$ {x} $', '\\${"x"}', 'a $${x}'],
  ...['${"y"}', 'x${~ "y" ~} z', '${1}', '${var.x}', 'x${var.y}', '${secret:o:p}', '${', '${}'],
  ...[
    '%{ if true }x%{ endif }',
    'o}',
    '${foo(}',
    "${'a'}",
    '\uFEFF${1}',
    '',
    '"\\n\n\t',
    '${"a\nb"}',
  ],
  ...['x ${<<EOT\ny\nEOT\n}', '# x', '//', '<<EOT\nx\nEOT\n', '${"$${x}"}', '$%{x}', '%${"x"}'],
].map((a) => jsonResource(([first]) => first as never, { a }));
const JSON_SHAPES = [
  '{"resource":{"kafka-connect_connector":{"x":{"a":{"$${k}":"v","${\\"l\\"}":"w","//":"c"}}}}}',
  '{"//":"c","resource":{"kafka-connect_connector":{"x":{"//":"c","a":1.5}}}}',
  '{"resource":{"kafka-connect_connector":{"x":[{"a":1},{"b":[true,null,{}]}]}}}',
  '{"resource":[{"kafka-connect_connector":[{"x":[{"a":"1"}]}]}]}',
  '[{"resource":{"kafka-connect_connector":{"x":{"a":"1"}}}}]',
  '{"resource":{"kafka-connect_connector":{"x":[[{"a":"1"}]]}}}',
  '{"resource":{"kafka-connect_connector":{"x":[]}}}',
  '{"resource":{"kafka-connect_connector":{"x":"y"}}}',
  '{"resource":{"kafka-connect_connector":{"x":{"a":"1","a":"2"}}}}',
  '{"resource":{"kafka-connect_connector":{"x":{"a":{"b":"1","b":"2"}}}}}',
];

const random = generator(1);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const someOf = (make: (count: number) => string) =>
  Array.from({ length: RANDOM }, () => make(1 + Math.floor(random() * 10)));

writeTable(GOLDEN, EDGES, {
  random: someOf((count) => resource(randomBody(pick, count))),
  mode: [],
});
writeTable(GOLDEN_OF_JSON, [...JSON_EDGES, ...JSON_SHAPES], {
  random: someOf((count) => randomJson(pick, count)),
  mode: ['json'],
});

interface Told {
  text: string;
  refused?: string;
  values?: Record<string, unknown>;
  /** Of JSON: why single arguments are refused. */
  whys?: Record<string, string>;
}

/** All answers about edges, and some about random texts. */
function writeTable(
  file: string,
  edges: readonly string[],
  { random: texts, mode }: { random: readonly string[]; mode: readonly string[] },
): void {
  let accepted = 0;
  let refused = 0;
  const kept = ask([...edges, ...texts], mode).filter((it, index) => {
    if (index < edges.length) return true;
    const isTaken = it.refused === undefined && it.whys === undefined;
    return isTaken ? (accepted += 1) <= ACCEPTED : (refused += 1) <= REFUSED;
  });
  writeFileSync(file, kept.map((it) => `${JSON.stringify(it)}\n`).join(''));
}

function ask(questions: readonly string[], mode: readonly string[]): Told[] {
  const answers = execFileSync('go', ['run', '.', ...mode], {
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
