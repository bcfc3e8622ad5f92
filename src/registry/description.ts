import { hex } from './audit-trail.ts';
import type { Core } from './core.ts';
import type { Counts } from './key-tree.ts';

/** Which registry it is, the number of its newest commit that is known here, and how much is in it that can be read. */
export function describeRegistry({ state, storeId }: Core): {
  storeId: string;
  format: number;
  position: number;
  counts: Counts;
} {
  return {
    storeId: hex(storeId),
    format: state.registry?.format ?? 0,
    position: state.lastN,
    counts: { ...state.counts },
  };
}
