// Changes of several values of one document. Two values may be one text, by YAML's aliases: it is changed once.
import type { SourceDocument, ValueChange } from './document.ts';
import { differentEdits, type Edit } from './edit.ts';

export function replaceAll(document: SourceDocument, changes: readonly ValueChange[]): Edit[] {
  const edits =
    document.replaceAll?.(changes) ??
    changes.flatMap(({ pointer, parts }) => document.replace(pointer, parts));
  return differentEdits(edits);
}
