// References in the grammar of Kafka's ConfigTransformer, `\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}`, to the letter:
// no nesting, no escape, no default, no trimming. Not by that regular expression, which backtracks: 750 hostile
// characters hold it for five seconds. This scanner looks at each character a bounded number of times.

/** One reference as Kafka sees it. Offsets are UTF-16 code units of the scanned text, `end` is exclusive. */
export interface Reference {
  start: number;
  end: number;
  provider: string;
  /** `''` where the reference names none, which is what Kafka asks the provider for. */
  path: string;
  /** True with two colons: `${secret::k}` has an empty path, `${secret:k}` has none. */
  hasPath: boolean;
  key: string;
}

export interface Span {
  start: number;
  end: number;
}

/** Where `what` next stands in `text` from `from` on; Infinity where it does not. Injected to count its steps. */
export type Find = (text: string, what: string, from: number) => number;

/** All references of a text, in order. */
export function scanReferences(text: string, find: Find = nextIndex): Reference[] {
  const references: Reference[] = [];
  let open = find(text, '${', 0);
  // The next `}` and `:` that were found; they are looked for again only once the scan has passed them.
  let close = -1;
  let colon = -1;
  while (open !== Infinity) {
    const inner = open + 2;
    if (close < inner) close = find(text, '}', inner);
    if (close === Infinity) return references;
    if (colon < inner) colon = find(text, ':', inner);
    if (colon > close) {
      open = find(text, '${', inner);
      continue;
    }
    const providerEnd = colon;
    colon = find(text, ':', providerEnd + 1);
    const hasPath = colon < close;
    references.push({
      start: open,
      end: close + 1,
      provider: text.slice(inner, providerEnd),
      path: hasPath ? text.slice(providerEnd + 1, colon) : '',
      hasPath,
      key: text.slice((hasPath ? colon : providerEnd) + 1, close),
    });
    open = find(text, '${', close + 1);
  }
  return references;
}

/** Where a part of a reference stands. An absent path stands, empty, in front of the key. */
export function partSpan(reference: Reference, part: 'provider' | 'path' | 'key'): Span {
  const provider = {
    start: reference.start + 2,
    end: reference.start + 2 + reference.provider.length,
  };
  if (part === 'provider') return provider;
  if (part === 'key')
    return { start: reference.end - 1 - reference.key.length, end: reference.end - 1 };
  return { start: provider.end + 1, end: provider.end + 1 + reference.path.length };
}

/** The text of a reference with a path. */
export function referenceText(provider: string, path: string, key: string): string {
  return `\${${provider}:${path}:${key}}`;
}

function nextIndex(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index === -1 ? Infinity : index;
}
