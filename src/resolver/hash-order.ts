// The order of Java's HashMap. Kafka asks its providers in this order, which decides whose error is thrown first
// and whose ttl stands in the end where two providers know the same path.

/** The entries in the order in which a HashMap, filled in the order of this map, hands them out. */
export function hashOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  const mask = capacityFor(map.size) - 1;
  // Stable: names of one bucket keep the order in which they came.
  return [...map].sort(([a], [b]) => (spread(a) & mask) - (spread(b) & mask));
}

/** A HashMap begins with 16 buckets and doubles them when it is more than three quarters full. */
function capacityFor(size: number): number {
  let capacity = 16;
  while (size > capacity * 0.75) capacity *= 2;
  return capacity;
}

/** String.hashCode, its upper half mixed into the lower one. */
function spread(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1)
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 16);
}
