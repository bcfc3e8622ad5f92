/**
 * The index of the first item for which `isMet` is true, in a list where it is true for all behind that one too; the length of
 * the list where there is none. Looks at as many items as the length has binary digits.
 */
export function firstIndex<T>(items: readonly T[], isMet: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // The list may not have holes.
    if (isMet(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
