// Connectors in the texts of a ConfigMap or a Secret: their places and edits lead through the string that holds them.
import fc from 'fast-check';
import { Document, Scalar } from 'yaml';
import { describe, expect, test } from 'vitest';
import { base64FromText, textFromBase64 } from '../../src/documents/base64.ts';
import type { SourceDocument } from '../../src/documents/document.ts';
import { applyEdits } from '../../src/documents/edit.ts';
import { readSource } from '../../src/documents/read.ts';

const OPTIONS = { holdsReference: () => false };

/** A connector's JSON in a ConfigMap, written in any style. */
function configMap(json: string, style: Scalar.Type): string {
  const scalar = new Scalar(json);
  scalar.type = style;
  const text = new Document({ apiVersion: 'v1', kind: 'ConfigMap', data: { 'x.json': scalar } });
  return text.toString({ lineWidth: 0 });
}

async function embedded(text: string): Promise<SourceDocument> {
  const { documents } = await readSource(text, OPTIONS);
  expect(documents).toHaveLength(2);
  const [, inner] = documents;
  if (inner === undefined) throw new Error('nothing is embedded');
  return inner;
}

function passwordIn({ roots }: SourceDocument): unknown {
  const [root] = roots;
  return (root?.value as { config: Record<string, unknown> } | undefined)?.config['password'];
}

const STYLES = [Scalar.QUOTE_SINGLE, Scalar.QUOTE_DOUBLE, Scalar.BLOCK_LITERAL] as const;
const POINTER = '/0/data/x.json/config/password';
const anyText = fc
  .array(fc.constantFrom(...'ab "\\\'\n:#${}é'), { maxLength: 12 })
  .map((it) => it.join(''));

describe('a document inside of a string', () => {
  test('has its places in the file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STYLES), fc.constantFrom(0, 2), async (style, space) => {
        const config = { 'connector.class': 'x', password: '${secret:a:b}' };
        const text = configMap(JSON.stringify({ name: 'a', config }, null, space), style);
        const inner = await embedded(text);
        const { start, end } = inner.locate(POINTER, 2, 8);
        expect(text.slice(start, end)).toBe('secret');
        const name = inner.locateName(POINTER);
        expect(text.slice(name.start, name.end)).toMatch(/password/);
        expect(inner.text).toBe(text);
        for (const part of inner.texts()) {
          if (part.decoded === undefined) continue;
          const { decoded } = part;
          expect(decoded.offset(0)).toBe(part.start);
          expect(decoded.offset(decoded.value.length)).toBe(part.end);
        }
      }),
    );
  });

  test('is edited through the string', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STYLES), anyText, anyText, async (style, old, put) => {
        const config = { 'connector.class': 'x', password: `<${old}>` };
        const text = configMap(JSON.stringify({ name: 'a', config }, null, 2), style);
        const inner = await embedded(text);
        const part = { start: 1, end: 1 + old.length, text: put };
        const edited = applyEdits(text, inner.replace(POINTER, [part]));
        expect(passwordIn(await embedded(edited))).toBe(`<${put}>`);
        const written = applyEdits(text, [inner.write(POINTER, put)]);
        expect(passwordIn(await embedded(written))).toBe(put);
      }),
      { numRuns: 500 },
    );
  });

  test('in base64 has the place of all of it, and is encoded anew', async () => {
    const json = '{"name": "a", "config": {"connector.class": "x", "password": "hunter2 é"}}';
    const text = `apiVersion: v1\nkind: Secret\ndata:\n  x.json: ${base64FromText(json)} # why\n`;
    const inner = await embedded(text);
    const { start, end } = inner.locate(POINTER, 0, 3);
    expect(text.slice(start, end)).toBe(base64FromText(json));
    const edited = applyEdits(text, inner.replace(POINTER, [{ start: 0, end: 7, text: '☂' }]));
    expect(passwordIn(await embedded(edited))).toBe('☂ é');
    expect(edited).toContain(' # why\n');
  });

  test('tells its problems where they stand', async () => {
    const text = configMap('{"connector.class": "x",\n  "a": 1, "a": 2}', Scalar.BLOCK_LITERAL);
    const { problems } = await embedded(text);
    expect(
      problems.map(({ kind, start, end, earlier = 0 }) => [
        kind,
        text.slice(start, end),
        text.slice(earlier, earlier + 6),
      ]),
    ).toEqual([['duplicate-key', '"a"', '"a": 1']]);
  });

  test('leads nowhere with a pointer of another one', async () => {
    const inner = await embedded(configMap('{"connector.class": "x"}', Scalar.QUOTE_SINGLE));
    expect(() => inner.locate('/0/data/y.json')).toThrow(RangeError);
    expect(() => inner.locate('/0/data/x.json/none')).toThrow(RangeError);
  });

  test.each([
    ['a script', '#!/bin/sh\ngrep connector.class "$1"\n'],
    ['a text', 'Put the connector.class first.\n'],
    ['settings of others', '{"log.level": "info"}'],
    ['settings of a worker', 'bootstrap.servers=kafka:9092\nkey.converter=x\nconnector.class=\n'],
  ])('is not made of %s', async (what, text) => {
    const { documents } = await readSource(configMap(text, Scalar.BLOCK_LITERAL), OPTIONS);
    expect(documents).toHaveLength(what.endsWith('worker') ? 2 : 1);
  });

  test.each([
    [
      'in a list',
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, data: {x: \'{"connector.class": "x"}\'}}',
    ],
    [
      'in stringData',
      'apiVersion: v1\nkind: Secret\nstringData: {x: \'{"connector.class": "x"}\'}',
    ],
    [
      'in binaryData',
      `apiVersion: v1\nkind: ConfigMap\nbinaryData: {x: ${base64FromText('{"connector.class": "x"}')}}`,
    ],
    [
      'in JSON',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: { x: '{"connector.class": "x"}' },
      }),
    ],
    ['as YAML', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  x: |\n    connector.class: x\n'],
    [
      'as properties',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n  x: |\n    name=a\n    connector.class=x\n',
    ],
  ])('is found %s', async (_what, text) => {
    const { connectors } = await readSource(text, OPTIONS);
    expect(connectors).toHaveLength(1);
    for (const { document, entries } of connectors)
      for (const { pointer } of entries) expect(() => document.locate(pointer)).not.toThrow();
  });
});

describe('base64', () => {
  test('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textFromBase64(base64FromText(text))).toBe(text);
      }),
    );
  });

  test.each(['%%%', 'a', '/w=='])('%s is no text', (encoded) => {
    expect(textFromBase64(encoded)).toBeUndefined();
  });

  test('may stand over several lines', () => {
    expect(textFromBase64('aHVu\n dGVy\n Mg==\n')).toBe('hunter2');
  });
});
