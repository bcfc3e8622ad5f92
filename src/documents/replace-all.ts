// Changes several values of one document. By YAML's aliases two values may be the same text: that is changed once.
import type { SourceDocument, ValueChange } from './document.ts';
import { differentEdits, type Edit } from './edit.ts';

export function replaceAll(document: SourceDocument, changes: readonly ValueChange[]): Edit[] {
  const edits =
    document.replaceAll?.(changes) ??
    changes.flatMap(({ pointer, parts }) => document.replace(pointer, parts));
  return differentEdits(edits);
}
