// One MiB of the same, again and again: what a reader that goes back over its text would not end with.
import { describe, expect, test } from 'vitest';
import type { SourceDocument } from '../../src/documents/document.ts';
import { cpuTime } from '../cpu-time.ts';
import { leavesOf } from './laws.ts';

const SIZE = 2 ** 20;
/** Of the processor's own time, since other tests run beside this one. */
const LONGEST_MS = 2000;

export function describeHostile(
  read: (text: string) => SourceDocument,
  fits: (text: string) => boolean,
  texts: ReadonlyArray<[what: string, piece: string, front?: string]>,
): void {
  describe('1 MiB', () => {
    test.each(texts)('of %s is read in under two seconds', (_what, piece = '', front = '') => {
      const text = front + piece.repeat(Math.ceil(SIZE / piece.length));
      const begun = cpuTime();
      fits(text);
      const document = read(text);
      for (const { pointer, value } of leavesOf(document).slice(0, 10))
        document.locate(pointer, 0, value.length);
      document.texts();
      expect(cpuTime() - begun).toBeLessThan(LONGEST_MS);
    });
  });
}
