import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from '../../src/documents/edit.ts';
import { parseJson } from '../../src/documents/json.ts';

test('edits are made on the text, in any order', () => {
  const edits = [
    { offset: 6, length: 5, text: 'you' },
    { offset: 0, length: 1, text: 'H' },
    { offset: 11, length: 0, text: '!' },
  ];
  expect(applyEdits('hello world', edits)).toBe('Hello you!');
  expect(applyEdits('same', [])).toBe('same');
});

test.each([
  [
    [
      { offset: 0, length: 2, text: '' },
      { offset: 1, length: 1, text: '' },
    ],
  ],
  [[{ offset: 3, length: 2, text: '' }]],
])('edits that overlap or lie outside are refused: %j', (edits) => {
  expect(() => applyEdits('abcd', edits)).toThrow(RangeError);
});

test('a part of a string that is replaced by any text leaves a document with that text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (before, after, text) => {
        const document = parseJson(`{"k" : [ ${JSON.stringify(`${before}MARK${after}`)} ] }`);
        const part = { start: before.length, end: before.length + 4, text };
        const edited = applyEdits(document.text, document.replace('/k/0', [part]));
        expect(JSON.parse(edited)).toEqual({ k: [`${before}${text}${after}`] });
      },
    ),
    { numRuns: 2000 },
  );
});
