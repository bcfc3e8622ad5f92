import { describe, expect, test } from 'vitest';
import { readSource } from '../../src/documents/read.ts';
import { knownProviders } from '../../src/validator/provider-names.ts';
import { usesIn } from '../../src/validator/uses.ts';
import { shapeOptions } from '../../src/validator/validate.ts';

const providers = knownProviders(['secret', 'vault'], ['file']);

/** `line:column connector/setting path:key`. */
async function used(text: string): Promise<string[]> {
  const source = await readSource(text, shapeOptions(providers));
  return usesIn(source, { file: 'a.json', text }, providers).map(
    ({ line, column, connector = '-', setting = '-', path, key }) =>
      `${line}:${column} ${connector}/${setting} ${path}:${key}`,
  );
}

const connector = (value: string) =>
  `{"name": "orders", "config": {"connector.class": "x.Y",\n"p": ${JSON.stringify(value)}}}`;

describe('what a file refers to', () => {
  test.each([
    ['one reference', connector('${secret:a:b}'), ['2:7 orders/p a:b']],
    ['one inside of a text', connector('user=${secret:a:b};'), ['2:12 orders/p a:b']],
    ['several', connector('${secret:a:b}${vault:c:d}'), ['2:7 orders/p a:b', '2:20 orders/p c:d']],
    ['a key that holds a dot', connector('${secret:a:b.c}'), ['2:7 orders/p a:b.c']],
    ['nothing of another provider', connector('${file:a:b} ${env:HOME}'), []],
    ['nothing without a path', connector('${secret:b}'), []],
    ['nothing that can be no name', connector('${secret:a:b:c} ${secret::b} ${secret:a:1}'), []],
    [
      'what stands in a list',
      '[{"connector.class": "x.Y", "p": "${secret:a:b}"}, {"name": "z", "q": "${secret:a:b}"}]',
      ['1:35 -/p a:b', '1:72 z/q a:b'],
    ],
    [
      'what a worker answered',
      '{"orders": {"info": {"name": "orders", "config": {"p": "${secret:a:b}"}}}}',
      ['1:57 orders/p a:b'],
    ],
    ['as Sub of CloudFormation writes it', connector('x ${!secret:a:b}'), ['2:9 orders/p a:b']],
    ['behind an escape', connector('"${secret:a:b}'), ['2:9 orders/p a:b']],
  ])('%s', async (_, text, expected) => {
    expect(await used(text)).toEqual(expected);
  });
});

describe('what a text refers to that could not be read as one of connectors', () => {
  test.each([
    ['other JSON', '{"a": {"b": ["${secret:a:b}"]}}', ['1:15 -/- a:b']],
    ['text that is none', 'p=${secret:a:b}\nq=${vault:c:d}\n', ['1:3 -/- a:b', '2:3 -/- c:d']],
    ['behind one that is not closed', 'p=${secret:a:b\nq=${secret:c:d}', ['2:3 -/- c:d']],
    ['with nothing to find', '{"a": "$ {} ${ secret"}', []],
    ['no other provider', '{{ ${file:a:b} ${env:c:d} }}', []],
    [
      'a template of a connector',
      '{"name": "{{ x }}", "config": {{ y }}, "p": "${secret:a:b}"}',
      ['1:46 -/- a:b'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await used(text)).toEqual(expected);
  });

  test('what was read before the fault is told once, with its setting', async () => {
    const text = `${connector('${secret:a:b}').slice(0, -2)}, "q": "\${secret:c:d}", }}}}`;
    const told = await used(text);
    expect(told.map((it) => it.replace(/ .* /, ' '))).toEqual(['2:7 a:b', '2:29 c:d']);
  });
});
