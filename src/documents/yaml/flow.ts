// Which parts of a YAML text stand in braces or brackets, where other rules hold than line by line.
import { isCollection, isMap, isPair, isSeq, type Node } from 'yaml';
import { firstIndex } from '../../domain/first-index.ts';
import type { Place } from '../position.ts';

/** The outermost ones, in order. */
export function flowPlaces(contents: readonly (Node | null)[]): Place[] {
  const places: Place[] = [];
  const open: unknown[] = contents.toReversed();
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) open.push(node.value, node.key);
    else if (isCollection(node) && node.flow === true) {
      places.push({ start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 });
    } else if (isMap(node) || isSeq(node)) {
      for (const item of node.items.toReversed()) open.push(item);
    }
  }
  return places;
}

/** The one round an offset; both its ends count. */
export function flowAround(places: readonly Place[], offset: number): Place | undefined {
  const place = places[firstIndex(places, ({ end }) => end >= offset)];
  return place !== undefined && place.start <= offset ? place : undefined;
}
