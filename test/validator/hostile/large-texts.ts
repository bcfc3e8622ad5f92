// A mebibyte of the same, again and again, in every place of every format: what a reader, a rule or an expression that goes
// back over its text would not end with.
export interface LargeText {
  name: string;
  text: string;
}

const MiB = 2 ** 20;
const repeated = (piece: string) => piece.repeat(Math.ceil(MiB / piece.length));

/** What the grammars of references, credentials, templates and comments begin with. */
const PIECES: readonly string[] = [
  ...['${', '${a:', '${secret:', '${secret:a:', '${secret:orders:p}', '${secrets:a:b}', '$', ':-'],
  ...[
    '{{',
    '{{ "',
    '%{',
    '$(',
    '://',
    'a://',
    '://a@',
    'a:',
    'a=',
    'a="',
    '\\',
    '\\\\',
    '\\u',
    '; ',
  ],
  ...[
    '-----BEGIN ',
    'eyJ',
    'a ',
    '*',
    ' ',
    '\t',
    '秘',
    '\u202e',
    'e\u0301',
    '"',
    "'",
    '#',
    '-',
    'a.',
  ],
  ...[
    '# secretreg-ignore ',
    '{',
    '[',
    '}',
    '{}',
    '${ {',
    '/',
    '@',
    '&',
    '"a":"b",',
    'password=',
    '?a=&',
  ],
];

/** What opens something, and is never closed. */
const OPENINGS: readonly string[] = [
  ...[
    '[',
    '{"a":',
    '{"a":[',
    '- ',
    '? ',
    'a: {',
    '[[],',
    'a:\n',
    '(',
    '"${',
    '${"',
    '%{ if ',
    '<<E\n',
  ],
  ...[
    'x {',
    'jsonencode(',
    '/*',
    '--',
    "'",
    '!!a ',
    '&a ',
    '*a ',
    '<<: *a\n',
    '---\n',
    '|\n',
    '>\n ',
  ],
  ...[
    '? - ',
    '- - ',
    'x: &x\n',
    '"\\\n',
    '\r',
    '\r\n',
    '\0',
    '\uFEFF',
    'a,',
    '{,',
    'a = {\n',
    ';',
    "''",
  ],
  ...['CREATE ', "'a'='", 'resource "a" "b" {}\n', 'resource "kafka-connect_connector" "x" {'],
];

const TERRAFORM =
  'resource "kafka-connect_connector" "x" {\n  config = {\n"connector.class" = "x"\n';
const KSQL = "CREATE SOURCE CONNECTOR orders WITH ('connector.class'='x', ";
const SCRIPT = `#!/bin/sh\ncurl -d '{"connector.class":"x","password":"`;
const YAML = 'name: orders\nconfig:\n  connector.class: x\n';

/** Where a piece is repeated. */
const PLACES: Readonly<Record<string, (text: string, piece: string) => string>> = {
  'a value of JSON': (text) => json({ password: text }),
  'a name of JSON': (text) => json({ [text]: 'canary' }),
  'the name of a connector': (text) =>
    JSON.stringify({ name: text, config: { a: '${secret:b:c}' } }),
  'JSON that is broken': (text) => `{"connector.class":${text}`,
  'a value of YAML in quotes': (text) => `${YAML}  password: ${JSON.stringify(text)}\n`,
  'a value of YAML': (text) => `${YAML}  password: ${text}\n`,
  'a block of YAML': (_text, piece) => `${YAML}  password: |\n${repeated(`    ${piece}\n`)}`,
  'lines of YAML': (_text, piece) => `connector.class: x\n${repeated(`${piece}\n`)}`,
  'a value of properties': (text) => `name=orders\nconnector.class=x\npassword=${text}\n`,
  'lines of properties': (_text, piece) => `connector.class=x\n${repeated(`${piece}=\n`)}`,
  'a text of Terraform': (text) => `${TERRAFORM}"password" = ${JSON.stringify(text)}\n}\n}\n`,
  'a text of Terraform in JSON': (text) =>
    JSON.stringify({
      resource: { 'kafka-connect_connector': { x: { config: { password: text } } } },
    }),
  'a body of Terraform': (text) => `${TERRAFORM}${text}\n}\n}\n`,
  'a text of ksqlDB': (text) => `${KSQL}'password'='${text}');\n`,
  'a statement of ksqlDB': (text) => KSQL + text,
  'a text in a script': (text) => `${SCRIPT}${text}'`,
  'a here-document': (text) =>
    `#!/bin/sh\ncat <<E\n{"connector.class":"x","password":"${text}"}\nE\n`,
  'a file': (text) => text,
};

const FRONTS = [
  '',
  '{"config":{"connector.class":"x",',
  `${YAML}  k: `,
  'connector.class=x\n',
  TERRAFORM,
  KSQL,
  SCRIPT,
];

export function* largeTexts(): Iterable<LargeText> {
  for (const piece of PIECES)
    for (const [place, make] of Object.entries(PLACES))
      yield { name: `${JSON.stringify(piece)} in ${place}`, text: make(repeated(piece), piece) };
  for (const opening of OPENINGS)
    for (const front of FRONTS)
      yield { name: JSON.stringify([front, opening]), text: front + repeated(opening) };
}

/** What is small, and large once it is read; and many of what is looked for in all others. */
export function* manyOfAKind(): Iterable<LargeText> {
  const lines = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
  yield {
    name: 'a billion laughs',
    text: `connector.class: x\na0: &a0 [lol]\n${lines(40, (at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`)}`,
  };
  yield {
    name: 'a billion maps',
    text: `connector.class: x\na0: &a0 {l: o}\n${lines(40, (at) => `a${at + 1}: &a${at + 1} {${'abcdefghij'.replace(/./g, (it) => `${it}: *a${at}, `)}}`)}`,
  };
  yield {
    name: 'merge keys that grow',
    text: `connector.class: x\na0: &a0 {k: 1}\n${lines(9000, (at) => `a${at + 1}: &a${at + 1}\n  <<: *a${at}\n  k${at}: 1`)}`,
  };
  yield {
    name: 'one wide map merged often',
    text: `connector.class: x\na: &a {${lines(20_000, (at) => `  k${at}: 1,`)}}\nb:\n${lines(5000, () => '  - <<: *a')}`,
  };
  yield {
    name: 'one text repeated often',
    text: `connector.class: x\na: &a ${'x'.repeat(MiB / 2)}\nb: [${'*a, '.repeat(MiB / 8)}1]\n`,
  };
  yield {
    name: 'anchors and aliases',
    text: `connector.class: x\n${lines(15_000, (at) => `a${at}: &a${at} 1`)}${lines(15_000, (at) => `b${at}: *a${at}`)}`,
  };
  yield { name: 'a merge of itself', text: 'connector.class: x\na: &a\n  <<: *a\n' };
  yield {
    name: 'names twice in JSON',
    text: `{"config":{"connector.class":"x",${repeated('"a":1,')}"b":1}}`,
  };
  yield { name: 'names twice in YAML', text: `connector.class: x\n${repeated('a: 1\n')}` };
  yield {
    name: 'connectors in JSON',
    text: `[${repeated('{"name":"a","config":{"connector.class":"x","password":"canary"}},')}{}]`,
  };
  yield {
    name: 'documents of YAML',
    text: repeated('---\nname: a\nconfig:\n  connector.class: x\n  password: canary\n'),
  };
  const sent = `curl -d '{"connector.class":"x","password":"$canary"}' http://c/connectors/a/config`;
  yield {
    name: 'steps of a pipeline',
    text: `jobs:\n${repeated(`- run: ${JSON.stringify(sent)}\n`)}`,
  };
  yield {
    name: 'commands of Docker Compose',
    text: `services:\n${lines(8000, (at) => `  s${at}:\n    command: ${JSON.stringify(sent)}`)}`,
  };
  yield {
    name: 'variables of Docker Compose',
    text: `services:\n  a:\n    command: ${JSON.stringify(sent.replace('$canary', repeated('$a${b}$$c')))}\n`,
  };
  yield {
    name: 'ignored findings',
    text: `name: orders\nconnector.class: x\n${lines(6000, (at) => `p${at}.password: canary-canary # secretreg-ignore literal-secret because of it`)}`,
  };
  yield {
    name: 'mended references',
    text: `name: orders\nconnector.class: x\n${lines(20_000, (at) => `p${at}: \${secret:other:a${at}}`)}`,
  };
  yield { name: 'references of one value', text: json({ p: repeated('"${secret:other:a} ') }) };
  const inside = JSON.stringify({
    name: 'orders',
    config: {
      'connector.class': 'x',
      ...Object.fromEntries(
        Array.from({ length: 10_000 }, (_, at) => [`v${at}`, '${secret:other:p}']),
      ),
    },
  });
  yield {
    name: 'references in a Secret',
    text: `apiVersion: v1\nkind: Secret\ndata:\n  a: ${Buffer.from(inside).toString('base64')}\n`,
  };
  yield {
    name: 'references in a ConfigMap',
    text: `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: ${JSON.stringify(inside)}\n`,
  };
  yield {
    name: '10,000 levels of JSON',
    text: `${'{"config":['.repeat(5000)}1${']}'.repeat(5000)}`,
  };
  yield {
    name: '10,000 levels of YAML',
    text: `connector.class: x\na: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
  };
  yield {
    name: '10,000 levels of Terraform',
    text: `${TERRAFORM}a = ${'['.repeat(10_000)}${']'.repeat(10_000)}\n}\n}\n`,
  };
}

function json(settings: Record<string, string>): string {
  return JSON.stringify({ name: 'orders', config: { 'connector.class': 'x', ...settings } });
}
