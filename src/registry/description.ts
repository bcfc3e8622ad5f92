import { hex } from './audit-trail.ts';
import type { Core } from './core.ts';
import { visibleKeys } from './lookup.ts';
import type { KeyEntry } from './state.ts';

/** Which registry it is, the number of its newest commit that is known here, and how much is in it that can be read. */
export function describeRegistry({ state, storeId }: Core): {
  storeId: string;
  format: number;
  position: number;
  counts: { paths: number; keys: number; versions: number };
} {
  const counts = { paths: 0, keys: 0, versions: 0 };
  for (const path of state.paths()) {
    const keys = visibleKeys(state, path);
    counts.paths += keys.length > 0 ? 1 : 0;
    counts.keys += keys.length;
    for (const entry of keys) counts.versions += countEnabled(entry);
  }
  return {
    storeId: hex(storeId),
    format: state.registry?.format ?? 0,
    position: state.lastN,
    counts,
  };
}

function countEnabled({ versions }: KeyEntry): number {
  let count = 0;
  for (const version of versions.values())
    if ('record' in version && version.record.state === 'enabled') count += 1;
  return count;
}
