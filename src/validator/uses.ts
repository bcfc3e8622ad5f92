// Which secrets a file refers to, and where. Where a text could not be read as that of a connector, every reference in it
// counts: whoever deletes what nothing refers to must not miss one.
import { type Place, type Positions, positionsIn } from '../documents/position.ts';
import type { Source } from '../documents/read.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import { type Reference, scanReferences } from '../domain/reference.ts';
import type { Region } from './diagnostic.ts';
import type { KnownProviders } from './provider-names.ts';

/** A reference of one of our providers that can be one to a secret. */
export interface Use extends Place, Region {
  path: SecretPath;
  key: SecretKey;
  file: string;
  /** The connector's name, where it has one. */
  connector?: string;
  /** Both are absent where the text could not be read as that of a connector. */
  setting?: string;
}

/** In the order in which they stand. `connectorName` is that of connectors that the file does not name. */
export function usesIn(
  { documents, connectors }: Source,
  { file, text, connectorName }: { file: string; text: string; connectorName?: string | undefined },
  providers: KnownProviders,
): Use[] {
  const found: Found[] = [];
  for (const { document, name = connectorName, entries } of connectors)
    for (const entry of entries)
      for (const reference of scanReferences(entry.value ?? ''))
        if (isOurs(reference, providers))
          found.push({
            reference,
            place: document.locate(entry.pointer, reference.start, reference.end),
            setting: entry.key,
            ...(name !== undefined && { connector: name }),
          });
  if (connectors.length === 0 || documents.some(({ problems }) => problems.length > 0))
    found.push(...looseReferences(text, providers, found));
  let positions: Positions | undefined;
  return found
    .sort((a, b) => a.place.start - b.place.start)
    .flatMap(({ reference, place, ...rest }): Use[] => {
      const path = parsePath(reference.path);
      const key = parseKey(reference.key);
      if (!path.ok || !key.ok) return [];
      positions ??= positionsIn(text);
      const { line: endLine, column: endColumn } = positions.at(place.end);
      const region = { ...positions.at(place.start), endLine, endColumn };
      return [{ path: path.value, key: key.value, file, ...place, ...region, ...rest }];
    });
}

interface Found {
  reference: Reference;
  place: Place;
  connector?: string;
  setting?: string;
}

/** Also as `Sub` of CloudFormation writes it: `${!secret:orders:password}`. */
function isOurs({ provider }: Reference, providers: KnownProviders): boolean {
  return providers.isOurs(provider.replace(/^!/, ''));
}

/** The references of a text that were not `read`. Each is read as if it stood alone: one that is not closed hides no other. */
function looseReferences(text: string, providers: KnownProviders, read: readonly Found[]): Found[] {
  const known = new Set(read.map(({ place }) => place.start));
  const found: Found[] = [];
  for (let start = text.indexOf('${'); start !== -1; ) {
    const next = text.indexOf('${', start + 2);
    const [reference] = scanReferences(text.slice(start, next === -1 ? text.length : next));
    if (reference !== undefined && isOurs(reference, providers) && !known.has(start))
      found.push({ reference, place: { start, end: start + reference.end } });
    start = next;
  }
  return found;
}
