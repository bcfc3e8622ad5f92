// Scripts and requests in YAML: which texts are read, and what is around them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyEdits } from '../../src/documents/edit.ts';
import { readSource } from '../../src/documents/read.ts';
import { onlySetting } from './only-setting.ts';

const options = { holdsReference: (text: string) => text.includes('${secret:') };
const BODY = '{"connector.class": "x"}';
const SCRIPT = `curl -X PUT -d '${BODY}' http://c/connectors/orders/config`;

async function namesIn(document: unknown): Promise<(string | undefined)[]> {
  const { connectors } = await readSource(stringify(document), options);
  return connectors.map(({ name }) => name);
}

describe('the name of a connector', () => {
  test.each<[what: string, document: unknown, names: (string | undefined)[]]>([
    ['in the URL of a script', { run: SCRIPT }, ['orders']],
    [
      'in the URL of each line',
      { script: [SCRIPT, SCRIPT.replace('orders', 'b')] },
      ['orders', 'b'],
    ],
    [
      'in a word beside it',
      { command: ['curl', 'http://c/connectors/a/config', '-d', BODY] },
      ['a'],
    ],
    [
      'in the words of the same container',
      { a: { command: ['curl', '/connectors/a/config'], args: ['-d', BODY] } },
      ['a'],
    ],
    [
      'in the address of a task',
      { uri: { url: 'http://c/connectors/a%20b/config', body: BODY } },
      ['a b'],
    ],
    [
      'in the address of a task with a map for its body',
      { uri: { url: '{{ connect }}/connectors/a/config', body: { 'connector.class': 'x' } } },
      ['a'],
    ],
    [
      'not where a template puts it in',
      [
        { uri: { url: '/connectors/{{name}}/config', body: { 'connector.class': 'x' } } },
        { uri: { url: '/connectors/{{name}}/config', body: BODY } },
      ],
      [undefined, undefined],
    ],
    ['of nothing', { body: BODY }, [undefined]],
    ['beside expressions', { run: `{{ before }}\n${SCRIPT} {{ behind }}` }, ['orders']],
    [
      'not in that of another container',
      { command: ['curl', '/connectors/a/config'], beside: { args: [BODY] } },
      [undefined],
    ],
    ['not in a whole line', { script: ['curl c/connectors/a/config', BODY] }, [undefined]],
    [
      'not where a shell puts it in',
      { args: ['http://c/connectors/$NAME/config', BODY] },
      [undefined],
    ],
  ])('%s', async (_what, document, names) => {
    expect(await namesIn(document)).toEqual(names);
  });
});

describe('no command', () => {
  test.each<[what: string, document: unknown]>([
    ['a member of another name', { text: SCRIPT, data: { run: [{ text: SCRIPT }] } }],
    [
      'a file in a ConfigMap',
      { apiVersion: 'v1', kind: 'ConfigMap', data: { run: BODY.slice(1) } },
    ],
    [
      'JSON without a class',
      { body: '{"name": "a", "config": {"x": "y"}}', args: ['{"config": {'] },
    ],
    ['a number', { run: 1, args: [true, null] }],
  ])('is %s', async (_what, document) => {
    expect(await namesIn(document)).toEqual([]);
  });

  test('is an expression of Jinja, which is no broken one either', async () => {
    const body = "{{ {'connector.class': 'x', 'a': {'b': c}} | to_json }}\n";
    const { documents } = await readSource(stringify({ uri: { body } }), options);
    expect(documents).toHaveLength(1);
  });

  test('is one inside of a connector', async () => {
    const config = { 'connector.class': 'x', script: SCRIPT };
    expect(await namesIn({ items: [{ name: 'a', config }, { run: SCRIPT }] })).toEqual([
      'a',
      'orders',
    ]);
  });

  test('is counted twice', async () => {
    const data = { script: `#!/bin/sh\n${SCRIPT}` };
    expect(await namesIn({ apiVersion: 'v1', kind: 'ConfigMap', data })).toEqual(['orders']);
  });
});

const anyText = fc
  .array(fc.constantFrom('a', '$', '$A', '{', '}', '${A}', '"', "'", '\\', '\n', 'é'), {
    maxLength: 8,
  })
  .map((it) => it.join(''));

describe.each([
  [
    'a container of Docker Compose',
    (run: string) => ({ services: { a: { command: ['sh', '-c', run] } } }),
  ],
  ['a step of a pipeline', (run: string) => ({ jobs: [{ run }] })],
])('in %s', (_what, around) => {
  const isCompose = 'services' in around('');
  const escaped = (text: string) => (isCompose ? text.replaceAll('$', '$$$$') : text);

  test('what is put into a value is read again, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (front, back, put) => {
        const body = (value: string) => JSON.stringify({ 'connector.class': 'x', p: value });
        const script = (value: string) => `curl -d @- <<'END'\n${body(value)}\nEND\n`;
        const [before, behind] = [`<${front}`, `${back}>`];
        const text = stringify(around(escaped(script(`${before}#${behind}`))));
        const { document, entry } = await onlySetting(text);
        expect(entry.value).toBe(`${before}#${behind}`);
        const part = { start: before.length, end: before.length + 1, text: put };
        const edited = applyEdits(text, document.replace(entry.pointer, [part]));
        expect(parse(edited)).toEqual(around(escaped(script(before + put + behind))));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['single quotes', (json: string) => `curl -d '${json}'`, ''],
    ['double quotes', (json: string) => `curl -d "${json.replaceAll('"', '\\"')}"`, '\\'],
  ])('the signs in front of a reference in %s', async (_quotes, script, sign) => {
    const text = stringify(around(script('{"connector.class": "x", "p": "y"}')));
    const { document, entry } = await onlySetting(text);
    expect(document.openingAt?.(entry.pointer)).toBe(`${sign}${isCompose ? '$' : ''}\${`);
  });
});

describe('what Docker Compose would take for its own', () => {
  const withValue = (value: string) =>
    stringify({
      services: { a: { command: `curl -d '{"connector.class": "x", "p": "${value}"}'` } },
    });

  async function misreading(value: string) {
    const text = withValue(value);
    const { connectors } = await readSource(text, options);
    const [{ document, entries } = { document: undefined, entries: [] }] = connectors;
    const entry = entries.find(({ key }) => key === 'p');
    const misread = document?.misread?.(entry?.pointer ?? '', 0);
    return misread && applyEdits(text, misread.edits);
  }

  test('is a reference with one sign, and gets a second one', async () => {
    expect(await misreading('${secret:a:b}')).toBe(withValue('$${secret:a:b}'));
  });

  test.each(['$${secret:a:b}', '${SECRET:-a:b}', '$SECRET', '$ x'])('is not %s', async (value) => {
    expect(await misreading(value)).toBeUndefined();
  });

  test('a sign that stands alone is doubled where something comes behind it', async () => {
    const text = withValue('$ x');
    const { connectors } = await readSource(text, options);
    const [connector] = connectors;
    const entry = connector?.entries.find(({ key }) => key === 'p');
    const edits = connector?.document.replace(entry?.pointer ?? '', [
      { start: 1, end: 3, text: 'abc' },
    ]);
    expect(applyEdits(text, edits ?? [])).toBe(withValue('$$abc'));
  });
});
