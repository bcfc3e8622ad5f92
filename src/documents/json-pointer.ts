/** A name as a segment of a JSON pointer (RFC 6901). */
export function pointerSegment(name: string): string {
  return name.includes('~') || name.includes('/')
    ? name.replaceAll('~', '~0').replaceAll('/', '~1')
    : name;
}
