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
export function randomBody(pick: Pick, count: number): string {
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

export const terraformText: fc.Arbitrary<string> = randomText((pick, count) =>
  resource(randomBody(pick, count)),
);

type Pick = <T>(list: readonly T[]) => T;

function randomText(make: (pick: Pick, count: number) => string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.gen(), fc.integer({ min: 1, max: 10 }))
    .map(([gen, count]) =>
      make((list) => list[gen(fc.nat, list.length - 1)] ?? (list[0] as never), count),
    );
}

/** What means something in a template, and what stands beside it. */
const TEMPLATE_PIECES = [
  ...['${', '$${', '$', '$', '%{', '%%{', '%', '{', '}', '}', '"', '\\', '\\n', '\n', ' ', '~'],
  ...['a', 'é', '\u{1F600}', '/', ':', '.', '(', ')', '#', '/*', '<<EOT\n', 'if true', 'endif'],
  ...['${"x"}', '${1}', '${var.x}', '$${secret:a:b}', '${secret:a:b}', '${~ "y" ~}', '\u2028'],
  ...['%{ if true }', '%{ endif }', '"b"', '\uFEFF', '\t'],
];

/** A resource in JSON, by what `pick` chooses of a list: of its arguments, and of the ways in which JSON writes the same. */
export function randomJson(pick: Pick, count: number): string {
  const template = () => Array.from({ length: count }, () => pick(TEMPLATE_PIECES)).join('');
  const argument = pick<() => unknown>([
    template,
    template,
    () => ({ k: template(), 'connector.class': 'X' }),
    () => ({ [template()]: 'v', k: pick([1, true, null, 'w']) }),
    () => [template(), { k: template() }],
  ])();
  return jsonResource(pick, { a: argument });
}

/** At each level a single object or a list of one. */
export function jsonResource(pick: Pick, body: unknown): string {
  const listed = (value: unknown): unknown => pick([value, [value]]);
  const labels = listed({ 'kafka-connect_connector': listed({ x: listed(body) }) });
  return jsonText(pick, listed({ resource: labels }));
}

export const terraformJson: fc.Arbitrary<string> = randomText(randomJson);

function jsonText(pick: Pick, value: unknown): string {
  if (typeof value === 'string') return `"${[...value].map((it) => jsonSign(pick, it)).join('')}"`;
  if (Array.isArray(value))
    return `[${value.map((it) => jsonText(pick, it)).join(pick([',', ', ']))}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, it]) => `${jsonText(pick, name)}${pick([':', ' : '])}${jsonText(pick, it)}`,
  );
  return `{${members.join(pick([',', ',\n  ']))}}`;
}

function jsonSign(pick: Pick, sign: string): string {
  const plain = JSON.stringify(sign).slice(1, -1);
  return pick([plain, plain, plain, plain, plain, plain, plain, escapedSign(sign)]);
}

/** Each of its units in hexadecimal digits. */
function escapedSign(sign: string): string {
  return Array.from(
    { length: sign.length },
    (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
