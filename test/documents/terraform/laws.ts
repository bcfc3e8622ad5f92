// What holds in both syntaxes of Terraform.
import fc from 'fast-check';
import type { SourceDocument } from '../../../src/documents/document.ts';
import { EXPRESSION } from '../../../src/documents/terraform/template.ts';
import { cuts, expectWritten, leavesOf, putsOf } from '../laws.ts';

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

export function isMisread(document: SourceDocument, pointer: string, value: string): boolean {
  return [...value.matchAll(/\$\{/g)].some(
    ({ index }) => document.misread?.(pointer, index) !== undefined,
  );
}

/** Between two halves of a character, or the two signs of an escape. */
export function isInside(value: string, at: number): boolean {
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|[$%]\{)$/.test(value.slice(at - 1, at + 1));
}
