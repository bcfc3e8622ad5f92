import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { readSource } from '../../../src/documents/read.ts';
import { looksLikeShell } from '../../../src/documents/shell/recognise.ts';
import { parseShell } from '../../../src/documents/shell/shell.ts';
import { describeHostile } from '../hostile.ts';
import { expectTextsInOrder } from '../laws.ts';

const options = { holdsReference: (text: string) => text.includes('${secret:') };
const X = '"connector.class": "X"';

/** Every connector as `name: settings`, and every problem as `kind @ part`. */
async function readingOf(script: string): Promise<string[]> {
  const { connectors, documents } = await readSource(script, options);
  const problems = documents.flatMap((document) => document.problems);
  return [
    ...connectors.map(
      ({ name, entries }) =>
        `${name}: ${entries.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
    ),
    ...problems.map(({ kind, start, end }) => `${kind} @ ${script.slice(start, end)}`),
  ];
}

describe('the connectors of a script', () => {
  test.each([
    [
      'single quotes, with the name in the URL',
      `curl -X PUT -d '{${X}, "a": "\${secret:orders:p}"}' http://c:8083/connectors/orders/config`,
      ['orders: connector.class=X a=${secret:orders:p}'],
    ],
    [
      'the URL in front, with a query',
      `curl "http://c/connectors/orders/config?x=y" -d '{${X}}'`,
      ['orders: connector.class=X'],
    ],
    [
      'settings without a class, which the URL tells from the rest of a request',
      `curl -w '{"a":1}' -H '{"b":1}' -XPUT --data='{"c":1}' http://c/connectors/a/config | jq '{"d":1}'`,
      ['a: c=1'],
    ],
    [
      'such settings of a here-document and of echo, and to a URL with variables',
      `curl -X PATCH $C/connectors/$N/config -d @- <<E\n{"a":1}\nE\necho '{"b":1}' | curl -d @- "\${C:-c}/connectors/b/config"\n`,
      ['undefined: a=1', 'b: b=1'],
    ],
    [
      'such settings are told by no other URL, by none of several and by what is said',
      `curl -d '{"a":1}' http://c/a; curl -d '{"b":1}' c/connectors/b/config --next -d '{"c":1}' c/connectors/c/config; echo '{"d":"/connectors/d/config"}'`,
      [],
    ],
    [
      'such settings that are broken',
      `curl -X PUT -d '{"a":1 "b"}' http://c/connectors/a/config`,
      ['parse-error @ "b"'],
    ],
    [
      'a name that is a variable is unknown',
      `curl -d '{${X}}' "http://c/connectors/$NAME/config"`,
      ['undefined: connector.class=X'],
    ],
    [
      'the name in the text counts',
      `curl -d '{"name": "a", ${X}}' http://c/connectors/b/config`,
      ['a: name=a connector.class=X'],
    ],
    [
      'double quotes',
      `curl -d "{\\"name\\": \\"a\\", \\"config\\": {\\"connector.class\\": \\"X\\", \\"p\\": \\"\\\${secret:a:p}\\"}}"`,
      ['a: connector.class=X p=${secret:a:p}'],
    ],
    [
      'an option and its value in one word',
      `curl --json='{"name":"a",${X}}' -d'{"name":"b",${X}}' --data-raw "$X"`,
      ['a: name=a connector.class=X', 'b: name=b connector.class=X'],
    ],
    [
      'a variable, also in front of a command',
      `BODY='{"name":"a",${X}}'; export OTHER='{"name":"b",${X}}'; C='{"name":"c",${X}}' ./send`,
      ['a: name=a connector.class=X', 'b: name=b connector.class=X', 'c: name=c connector.class=X'],
    ],
    [
      'what the shell puts into strings is a placeholder',
      `curl -d '{"name":"a",${X},"u":"'"$USER"'","v":"'"$(jq ".\\"x\\"" f)"'"}'`,
      ['a: name=a connector.class=X u=$() v=$()'],
    ],
    [
      'a variable in place of a value is unknown',
      `cat <<E\n{"name":"a",${X},"tasks.max": $TASKS, "b": \${B:-2}}\nE\n`,
      ['a: name=a connector.class=X tasks.max=null b=null'],
    ],
    [
      'a here-document in a substitution in quotes, named by the URL outside',
      `curl -d "$(cat <<E\n{${X}}\nE\n)" http://c/connectors/orders/config`,
      ['orders: connector.class=X'],
    ],
    [
      'a here-document with tabs in front',
      `if true; then\n\tcat <<-'E' > f\n\t{"name":"a",\n\t\t${X}}\n\tE\nfi\n`,
      ['a: name=a connector.class=X'],
    ],
    [
      'two here-documents on one line',
      `cat <<A - <<'B'\n{"name":"a",${X}}\nA\n{"name":"b",${X}}\nB\n`,
      ['a: name=a connector.class=X', 'b: name=b connector.class=X'],
    ],
    [
      'a resource of an operator',
      "kubectl apply -f - <<'E'\napiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata:\n  name: a\nspec:\n  class: X\n  config:\n    p: ${secret:a:p}\nE\n",
      ['a: connector.class=X p=${secret:a:p}'],
    ],
    [
      'properties',
      "cat > a.properties <<'E'\nname=a\nconnector.class=X\nE\n",
      ['a: name=a connector.class=X'],
    ],
    [
      'a script in a script',
      `docker exec connect bash -c 'curl -d "{\\"name\\":\\"a\\",\\"connector.class\\":\\"X\\"}" http://c/connectors'`,
      ['a: name=a connector.class=X'],
    ],
    [
      'programs in other languages are none',
      `jq '{"name":"a",${X}}' f | awk '{"connector.class"}' ; python3 - <<'E'\n{"name":"a",${X}}\nE\n`,
      [],
    ],
    [
      'JSON that is broken',
      `curl -d '{"name":"a",${X} "b": 1}' http://c/connectors`,
      ['parse-error @ "b"'],
    ],
    [
      'what is put together when it runs',
      `curl -d '{"name":"a",${X} '"$MORE"'}' http://c/connectors`,
      ['template @ {'],
    ],
    [
      'defaults and parts of variables are no references',
      `curl -d "{\\"name\\":\\"a\\",\\"connector.class\\":\\"X\\",\\"u\\":\\"\${U:-u}\\",\\"v\\":\\"\${V:0:4}\\",\\"w\\":\\"\${W:?}\\"}"`,
      ['a: name=a connector.class=X u=$() v=$() w=$()'],
    ],
    [
      'a reference in which a variable stands',
      `curl -d "{\\"name\\":\\"a\\",\\"connector.class\\":\\"X\\",\\"p\\":\\"\\\${secret:$NAME:p}\\"}"`,
      ['a: name=a connector.class=X p=${secret:$():p}'],
    ],
    [
      'a name of which a part is a variable is unknown',
      `cat <<E\n{"name":"a-$N",${X}}\nE\n`,
      ['undefined: name=a-$() connector.class=X'],
    ],
    [
      'the name in the URL of a pipeline, with escapes',
      `cat <<E | envsubst | curl -X PUT -d @- http://c/connectors/b%C3%BCcher/config\n{${X}}\nE\n`,
      ['bücher: connector.class=X'],
    ],
    [
      'a name that is no escape is unknown',
      `curl -d '{${X}}' http://c/connectors/%zz/config`,
      ['undefined: connector.class=X'],
    ],
    [
      'quotes and braces in an expansion',
      `A=\${1:?"usage: $0 {dev|prod}"} B=\${B:-'}'} C="\${C:-$(echo "}")}"; curl -d '{"name":"a",${X}}'`,
      ['a: name=a connector.class=X'],
    ],
    [
      'shifts are no here-documents',
      `(( delay <<= 1 )); A=$((A<<2)); let B[1<<2]=3; if ((1 << C)); then :; fi\ncurl -d '{"name":"a",${X}}'\nC\n`,
      ['a: name=a connector.class=X'],
    ],
    [
      'backticks, and what they print for a value',
      `S=\`curl -d '{"name":"a",${X}}' http://c\`; curl -d '{"name":"b",${X},"p":"'\`cat p\`'"}'`,
      ['a: name=a connector.class=X', 'b: name=b connector.class=X p=$()'],
    ],
    [
      'an array with names',
      `declare -A C=( [a]='{"name":"a",${X}}' )`,
      ['a: name=a connector.class=X'],
    ],
    [
      'a process substitution',
      `curl -d @<(echo '{"name":"a",${X}}') http://c >/dev/null 2>&1`,
      ['a: name=a connector.class=X'],
    ],
    [
      'a statement of ksqlDB',
      `ksql --execute "CREATE SINK CONNECTOR a WITH ('connector.class'='X');" &> log`,
      ['A: connector.class=X'],
    ],
    [
      'what printf puts in place of conversions',
      `printf '{"name":"%s",${X},"n": %d,"p":"\${secret:%s:p}"}\\n' "$A" 1 "$A"; printf '%s' '{"name":"a",${X},"p":"%s"}'`,
      [
        'undefined: name=$() connector.class=X n=null p=${secret:$():p}',
        'a: name=a connector.class=X p=%s',
      ],
    ],
    [
      'ANSI quotes',
      `curl -d $'{"name":"a",${X},\\n"p":"it\\'s"}'`,
      ["a: name=a connector.class=X p=it's"],
    ],
    [
      'what is said to people, and what filters are asked for',
      `cat <<E\nconnector.class: 'X\nE\necho "[ERROR] connector.class {\\n"; printf '{"connector.class": \\n}'; docker run jq jq '{"connector.class" .a}'; egrep '{"connector.class"'; echo {a,b}.connector.class\n`,
      ["parse-error @ '"],
    ],
    ['prose is no broken YAML', `cat <<'E'\nSet: connector.class, or 'tasks.max: 1\nE\n`, []],
    [
      'a quote that is never closed',
      `sh -c 'curl -d "{\\"connector.class\\":\\"X$(\\"}"'`,
      ['parse-error @ \\"X$(\\"}"'],
    ],
    ['comments', `# curl -d '{"name":"a",${X}}'\necho "it's" # don't`, []],
    ['nothing', 'curl http://c/connectors', []],
  ])('%s', async (_what, script, reading) => {
    expect(looksLikeShell(`#!/bin/sh\n${script}`)).toBe(true);
    expect(await readingOf(`#!/bin/sh\n${script}`)).toEqual(reading);
    expect(await readingOf(`#!/bin/bash\r\n${script.replaceAll('\n', '\r\n')}`)).toEqual(
      reading.map((it) => it.replaceAll('\n', '\r\n')),
    );
  });
});

test.each([
  ['#!/bin/sh', true],
  ['#!/usr/bin/env -S bash -e\n', true],
  ['\uFEFF#!/bin/dash\n', true],
  ['# a comment\n\n  curl -s http://c', true],
  ['set -euo pipefail\n', true],
  ['export A=b\n', true],
  ['DATA=$(cat f)\n', true],
  ['for a in b c; do\n', true],
  ['cat <<EOF | curl\n', true],
  ['put() {\n', true],
  ['#!/usr/bin/env python3\n', false],
  ['name=orders\nconnector.class=X\n', false],
  ['password=${secret:orders:p}\n', false],
  ['name=$(NAME)\n', false],
  ['curl = a\n', false],
  ['echo: 1\n', false],
  ['export: a\n', false],
  ["SET 'a'='b';", false],
  ['- curl: x\n', false],
  ['resource "a" "b" {\n', false],
])('%j is a script: %s', (text, is) => {
  expect(looksLikeShell(text)).toBe(is);
});

test.each([
  ...['CONNECT=http://c:8083', '. ./env.sh', 'test -n "$CONNECT"', 'until nc c 8083; do :; done'],
  ...['export CONNECT', 'case $1 in', 'jq . a.json', '[ -n "$C" ] || exit 1', '[[ $C ]] && true'],
  ...['[ "$C" ]', 'while true; do', 'gcloud auth list', 'A="b"\nexport A'],
])('a script may begin with %j', async (beginning) => {
  const script = `${beginning}\ncurl -d '{"name":"a",${X}}' http://c\n`;
  expect(await readingOf(script)).toEqual(['a: name=a connector.class=X']);
});

test.each([
  ['a: |\n  curl -d x\nconnector.class: X\n', ' connector.class=X'],
  ['connector.class=X\ncurl=a\n', ': connector.class=X curl=a'],
  ['connector.class=X\n# curl a\n', ': connector.class=X'],
  ['[ {"name":"a","config":{"connector.class":"X"}} ]\ncurl a', 'parse-error @ curl'],
])('a line with curl makes no script of %j', async (text, reading) => {
  expect((await readingOf(text)).join()).toContain(reading);
});

describe('a reference', () => {
  const REFERENCE = '${secret:orders:p}';
  const terraform = (value: string) =>
    `resource "aws_mskconnect_connector" "a" {\n  connector_configuration = {\n    "connector.class" = "X"\n    p = "${value}"\n  }\n}`;

  /** The sign in front of references in the value of `p`, and the script once the shell leaves the first one. */
  async function kept(script: string) {
    const { connectors } = await readSource(script, options);
    const { document, entries } = connectors[0] ?? {};
    const { pointer = '', value = '' } = entries?.find(({ key }) => key === 'p') ?? {};
    const misread = document?.misread?.(pointer, value?.indexOf('${') ?? 0);
    return {
      sign: document?.openingAt?.(pointer).slice(0, -'${'.length),
      misread: misread && applyEdits(script, misread.edits),
    };
  }

  test.each([
    ['single', `curl -d '{${X}, "p": "${REFERENCE}"}'`, '', undefined],
    ['a quoted delimiter', `cat <<'E'\n{${X}, "p": "${REFERENCE}"}\nE\n`, '', undefined],
    [
      'an escaped one in double quotes',
      `curl -d "{\\"connector.class\\": \\"X\\", \\"p\\": \\"\\${REFERENCE}\\"}"`,
      '\\',
      undefined,
    ],
    [
      'double',
      `curl -d "{\\"connector.class\\": \\"X\\", \\"p\\": \\"x${REFERENCE}\\"}"`,
      '\\',
      `curl -d "{\\"connector.class\\": \\"X\\", \\"p\\": \\"x\\${REFERENCE}\\"}"`,
    ],
    [
      'a here-document',
      `cat <<E\n{${X}, "p": "${REFERENCE}"}\nE\n`,
      '\\',
      `cat <<E\n{${X}, "p": "\\${REFERENCE}"}\nE\n`,
    ],
    [
      'one spliced into single quotes',
      `curl -d '{${X}, "p": "'"${REFERENCE}"'"}'`,
      '\\',
      `curl -d '{${X}, "p": "'"\\${REFERENCE}"'"}'`,
    ],
    [
      'double quotes of a script in double quotes',
      `bash -c "curl -d '{\\"connector.class\\": \\"X\\", \\"p\\": \\"${REFERENCE}\\"}'"`,
      '\\',
      `bash -c "curl -d '{\\"connector.class\\": \\"X\\", \\"p\\": \\"\\${REFERENCE}\\"}'"`,
    ],
    [
      'an escaped one that the inner shell takes',
      `ssh h "curl -d \\"{\\\\\\"connector.class\\\\\\": 1, \\\\\\"p\\\\\\": \\\\\\"\\${REFERENCE}\\\\\\"}\\""`,
      '\\\\\\',
      `ssh h "curl -d \\"{\\\\\\"connector.class\\\\\\": 1, \\\\\\"p\\\\\\": \\\\\\"\\\\\\${REFERENCE}\\\\\\"}\\""`,
    ],
    [
      'one in a script in a ConfigMap',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  a.sh: |\n    cat <<E\n    {${X}, "p": "${REFERENCE}"}\n    E\n`,
      '\\',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  a.sh: |\n    cat <<E\n    {${X}, "p": "\\${REFERENCE}"}\n    E\n`,
    ],
    ['a resource of Terraform', `cat <<'E'\n${terraform(`$${REFERENCE}`)}\nE\n`, '$', undefined],
    [
      'one that the shell reads',
      `cat <<E\n${terraform(`\\$\\${REFERENCE}`)}\nE\n`,
      '\\$\\',
      undefined,
    ],
  ])('in %s', async (_where, script, sign, misread) => {
    expect(await kept(script)).toEqual({ sign, misread });
  });
});

test('what is hidden of a script is all but names of settings', () => {
  const script = `#!/bin/sh\nPASSWORD=canary curl -u a:canary -d '{${X}, "p": "canary", "n": '"\${N:-canary}"', "r": "\${secret:a:p}"}' http://c # canary\ncat <<E\n{"connector.class": "X", "q": "canary" "r": "canary"}\nE\n`;
  const document = parseShell(script);
  expectTextsInOrder(document);
  let shown = '';
  let done = 0;
  for (const { start, end } of document.texts()) {
    shown += `${script.slice(done, start)}*`;
    done = end;
  }
  expect(shown + script.slice(done)).toBe(
    `*{"connector.class": "*", "p": "*", "n": '"*"', "r": "*"}*{"connector.class": "*", "q": "*" **`,
  );
});

test('a dollar sign in front of what is written gets the backslash that it needs then', async () => {
  const script = `curl -d "{\\"connector.class\\": \\"X\\", \\"p\\": \\"$ x\\"}"`;
  const { documents } = await readSource(script, options);
  const edits = documents[1]?.replace('/0/p', [{ start: 1, end: 3, text: 'abc' }]) ?? [];
  expect(applyEdits(script, edits)).toBe(script.replace('$ x', String.raw`\$abc`));
});

test('a text keeps its pointer when the one in front of it is a connector no more', async () => {
  const pointers = async (first: string) => {
    const { connectors } = await readSource(`set -e\nA='${first}'; B='{"name":"b",${X}}'`, options);
    return connectors.filter(({ name }) => name === 'b').map(({ pointer }) => pointer);
  };
  expect(await pointers('{"a": "${secret:a:p}"}')).toEqual(await pointers('{"a": "b"}'));
});

test('texts in texts are read four deep', async () => {
  const quoted = (text: string) => `bash -c '${text.replaceAll("'", String.raw`'\''`)}'`;
  let script = `curl -d '{"name":"a",${X}}'`;
  const found: number[] = [];
  for (let depth = 0; depth < 6; depth += 1) {
    found.push((await readSource(`#!/bin/sh\n${script}`, options)).connectors.length);
    script = quoted(script);
  }
  expect(found).toEqual([1, 1, 1, 1, 0, 0]);
});

test('what stands in braces that nothing closes is read once', async () => {
  const send = `curl -d '{"name": "a", ${X}}' http://c/connectors`;
  expect(await readingOf(`echo "\${ \${ $(${send})\n`)).toEqual(['a: name=a connector.class=X']);
});

describeHostile(parseShell, looksLikeShell, [
  ['substitutions that stay open', '$('],
  ['substitutions in double quotes', '"$('],
  ['process substitutions', '<('],
  ['braces that stay open', '${'],
  ['braces in double quotes', '"${'],
  ['backticks', '`'],
  ['backticks in double quotes', '"`'],
  ['escaped backticks', '`\\'],
  ['arithmetic', '$(('],
  ['here-documents that stay open', 'cat <<E\n'],
  ['here-documents on one line', 'cat <<E'],
  ['here-documents with braces', 'cat <<E\n${\nE\n'],
  ['here-documents with a reference', "cat <<E\n{'a': ${secret:a:b}\nE\n"],
  ['tabs', 'cat <<-E\n\t'],
  ['tabs in a here-document', '\t', 'cat <<-E\n'],
  ['single quotes', "'"],
  ['ANSI quotes', "$'"],
  ['double quotes', '"'],
  ['backslashes', '\\'],
  ['lines that go on', '\\\n'],
  ['brackets', '(('],
  ['closing brackets', '))'],
  ['objects', `'{"connector.class"' `],
  ['JSON', `curl -d '{"connector.class":"X"}' http://c/connectors/a/config\n`],
  ['one word of JSON', `"a": "'"$B"'", `, `curl -d '{`],
  ['expansions for values', `$A, `, 'cat <<E\n[{"connector.class":'],
  ['comments', '# a\n'],
  ['comments of one line', '#'],
  ['blanks', ' '],
  ['blanks behind a word', ' ', 'if'],
  ['line ends', '\r\n'],
  ['words', 'a '],
  ['semicolons', ';'],
]);
