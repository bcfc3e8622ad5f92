import fc from 'fast-check';

/** What means something in HCL, and what stands beside it. */
const PIECES = [
  ...[
    '"',
    '"',
    '"a"',
    '"x y"',
    '${',
    '$${',
    '$',
    '%{',
    '%%{',
    '%',
    '}',
    '{',
    '{\n',
    '\n',
    '\n',
    ' ',
  ],
  ...['=', ' = ', ':', ',', 'a', 'b', 'name', '1', '-1', '1.5', 'true', 'null', '(', ')', '[', ']'],
  ...['<<EOT\n', '<<-EOT\n', 'EOT\n', '\nEOT\n', '  ', '\t', '#', '//', '/*', '*/', '\\n', '\\"'],
  ...['\\u0041', '\\\\', 'merge(', 'sensitive(', '~', '.', '?', 'for', '\r\n', '"${"x"}"', '::'],
  ...['"b" = "c"', 'c = "$${secret:a:b}"', 'd = <<EOT\nhello $${x:y}\nEOT\n', 'é', '\u{1F600}'],
  ...['"k" : "v",', '{ "q" = "r" }', 'if true', 'endif', '\\q', '${secret:a:b}'],
];

/** Expressions that are right. */
const EXPRESSIONS = [
  ...['"v"', '"$${secret:a:b}"', '{ a = "b"\n "c" : "d" }', '<<EOT\nx\n  y $${z}\nEOT', '1', '-2'],
  ...[
    '<<-EOT\n   x\n    y $${z}\n   EOT',
    '["a", "b"]',
    '"a\\nb"',
    'sensitive("x")',
    '("x")',
    '{}',
  ],
  ...[
    'merge({ a = "b" }, { a = "c", d = 1 })',
    '"$$$${q}"',
    '"x${1}y"',
    'null',
    '{ a = { b = "c" } }',
  ],
];

export function resource(body: string): string {
  return `resource "kafka-connect_connector" "x" {\n${body}\n}\n`;
}

/** Bodies of a resource, by what `pick` chooses of a list. */
export function randomBody(pick: <T>(list: readonly T[]) => T, count: number): string {
  const any = Array.from({ length: count }, () => pick(PIECES)).join('');
  const right = () => pick(EXPRESSIONS);
  return pick([
    () => ` a = ${any}`,
    () => ` a = "${any}"`,
    () => ` a = <<EOT\n${any}\nEOT`,
    () => ` a = { x = ${right()}\n ${any} }`,
    () => ` a = ${right()}\n b = ${right()}\n ${any}`,
  ])();
}

export const terraformText: fc.Arbitrary<string> = fc
  .tuple(fc.gen(), fc.integer({ min: 1, max: 10 }))
  .map(([gen, count]) =>
    resource(randomBody((list) => list[gen(fc.nat, list.length - 1)] ?? (list[0] as never), count)),
  );
