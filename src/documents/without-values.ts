import type { SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** The document with its places, but without values: it has none before it is rendered, or a conflict is decided. */
export function withoutValues(
  document: SourceDocument,
  problems: readonly Problem[],
): SourceDocument {
  return {
    format: document.format,
    text: document.text,
    roots: [],
    problems,
    comments: document.comments,
    locate: (pointer, start, end) => document.locate(pointer, start, end),
    locateName: (pointer) => document.locateName(pointer),
    replace: (pointer, parts) => document.replace(pointer, parts),
    write: (pointer, text) => document.write(pointer, text),
    texts: () => document.texts(),
  };
}
