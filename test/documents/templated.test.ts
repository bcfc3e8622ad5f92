// Strings that a tool reads as templates of its own: what is put into them, and what is changed beside.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../src/documents/edit.ts';
import { onlySetting } from './only-setting.ts';

test('a sign that stands alone is doubled where it would become one with what comes behind it', async () => {
  const text = TOOLS.Pulumi.around('$ x$');
  const { document, entry } = await onlySetting(text);
  const put = (start: number, end: number, it: string) =>
    applyEdits(text, document.replace(entry.pointer, [{ start, end, text: it }]));
  expect(put(1, 2, '{')).toBe(TOOLS.Pulumi.around('$${x$'));
  expect(put(1, 3, '')).toBe(TOOLS.Pulumi.around('$$$'));
});

const config = (value: unknown) => ({ a: { 'connector.class': 'x', p: value } });

/** How each tool writes a text, and what it makes of what is written. */
const TOOLS = {
  'Sub in JSON': {
    around: (written: string) => JSON.stringify(config({ 'Fn::Sub': written })),
    read: (text: string) => (parse(text) as { a: { p: { 'Fn::Sub': string } } }).a.p['Fn::Sub'],
    escaped: (text: string) => text.replaceAll('${', '${!'),
    made: (written: string) => written.replaceAll('${!', '${'),
  },
  'Sub in YAML': {
    around: (written: string) => `a:\n  connector.class: x\n  p: !Sub ${JSON.stringify(written)}\n`,
    read: (text: string) => (parse(text, { logLevel: 'silent' }) as { a: { p: string } }).a.p,
    escaped: (text: string) => text.replaceAll('${', '${!'),
    made: (written: string) => written.replaceAll('${!', '${'),
  },
  Pulumi: {
    around: (written: string) =>
      `runtime: yaml\nresources:\n  a: {connector.class: x, p: ${JSON.stringify(written)}}\n`,
    read: (text: string) => (parse(text) as { resources: { a: { p: string } } }).resources.a.p,
    escaped: (text: string) => text.replaceAll('$', '$$$$'),
    made: (written: string) =>
      written.replace(/\$(\$|\{)/g, (_, sign) => (sign === '$' ? '$' : '#')),
  },
};

const anyText = fc
  .array(fc.constantFrom('a', '$', '{', '}', '!', '${', '"', '\\', '\n', 'é', ' '), {
    maxLength: 8,
  })
  .map((it) => it.join(''));

describe.each(Object.entries(TOOLS))('%s', (_tool, { around, read, escaped, made }) => {
  test('what is put into a value is read again, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (front, back, put) => {
        const text = around(`${escaped(front)}#${escaped(back)}`);
        const { document, entry } = await onlySetting(text);
        expect(entry.value).toBe(`${front}#${back}`);
        const part = { start: front.length, end: front.length + 1, text: put };
        const edited = applyEdits(text, document.replace(entry.pointer, [part]));
        expect(made(read(edited))).toBe(front + put + back);
        expect((await onlySetting(edited)).entry.value).toBe(front + put + back);
      }),
      { numRuns: 300 },
    );
  });

  test('a whole value that is written anew is read again', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (put) => {
        const text = around('old');
        const { document, entry } = await onlySetting(text);
        const edited = applyEdits(text, [document.write(entry.pointer, put)]);
        expect(made(read(edited))).toBe(put);
      }),
      { numRuns: 100 },
    );
  });

  test('a part of a value stands where it was written', async () => {
    const text = around(escaped('é${secret:a:b}${secret:c:d}'));
    const { document, entry } = await onlySetting(text);
    const at = entry.value?.indexOf('c:d') ?? 0;
    const { start, end } = document.locate(entry.pointer, at, at + 3);
    expect(text.slice(start, end)).toBe('c:d');
  });
});
