// What holds in both syntaxes of Terraform.
import fc from 'fast-check';
import type { SourceDocument } from '../../../src/documents/document.ts';
import type { Place } from '../../../src/documents/position.ts';
import { EXPRESSION } from '../../../src/documents/terraform/template.ts';
import { cuts, expectTextsInOrder, expectWritten, leavesOf, putsOf } from '../laws.ts';

const PIECES = ['$', '{', '${', '%{', '}', '"', '\\', ' ', 'a', '\u0000'];

/** What is put in place of parts of values, or of whole ones, is read again. `pieces` are those of one syntax. */
export function expectPuts(
  read: (text: string) => SourceDocument,
  texts: fc.Arbitrary<string>,
  pieces: readonly string[],
): void {
  const puts = putsOf(...PIECES, ...pieces);
  fc.assert(
    fc.property(texts, puts, cuts, (text, put, at) => {
      const document = read(text);
      for (const leaf of leavesOf(document)) {
        if (!leaf.pointer.startsWith('/0/body') || leaf.value.includes(EXPRESSION)) continue;
        expectWritten(read, document, leaf, { at, texts: put }, (parts) =>
          parts.every(
            ({ start, end }) => !isInside(leaf.value, start) && !isInside(leaf.value, end),
          ),
        );
      }
    }),
    { numRuns: 5000 },
  );
}

/** Hands out random parts of the values of random texts, each of which is to stand where it is located. */
export function expectParts(
  read: (text: string) => SourceDocument,
  texts: fc.Arbitrary<string>,
  expectPart: (part: string, at: { text: string; place: Place; whole: Place }) => void,
): void {
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), (text, one, two) => {
      const document = read(text);
      expectTextsInOrder(document);
      for (const { pointer, value } of leavesOf(document)) {
        if (value.includes(EXPRESSION) || !pointer.startsWith('/0/body')) continue;
        const start = one % (value.length + 1);
        const end = start + (two % (value.length - start + 1));
        if (isInside(value, start) || isInside(value, end)) continue;
        // Cut behind its provider, it would be an expression.
        if (isMisread(document, pointer, value)) continue;
        const place = document.locate(pointer, start, end);
        expectPart(value.slice(start, end), { text, place, whole: document.locate(pointer) });
      }
    }),
    { numRuns: 5000 },
  );
}

function isMisread(document: SourceDocument, pointer: string, value: string): boolean {
  return [...value.matchAll(/\$\{/g)].some(
    ({ index }) => document.misread?.(pointer, index) !== undefined,
  );
}

/** Between two halves of a character, or the two signs of an escape. */
function isInside(value: string, at: number): boolean {
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|[$%]\{)$/.test(value.slice(at - 1, at + 1));
}
