/** What a pointer leads to. Throws a RangeError where that is nothing. */
export function found<T>(map: ReadonlyMap<string, T>, pointer: string): T {
  const value = map.get(pointer);
  if (value === undefined) throw nothingAt(pointer);
  return value;
}

export function nothingAt(pointer: string): RangeError {
  return new RangeError(`nothing stands at ${JSON.stringify(pointer)}`);
}

/** The name that a segment of a JSON pointer stands for. */
export function pointerName(segment: string): string {
  return segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment;
}

/** A name as a segment of a JSON pointer (RFC 6901). */
export function pointerSegment(name: string): string {
  return name.includes('~') || name.includes('/')
    ? name.replaceAll('~', '~0').replaceAll('/', '~1')
    : name;
}
