// Which parts of a YAML text stand in braces or brackets, where other rules hold than line by line.
import { isCollection, isMap, isPair, isSeq, type Node } from 'yaml';
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
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const place = places[low];
  return place !== undefined && place.start <= offset ? place : undefined;
}
