import type { TokenRecord } from './records.ts';
import type { View } from './state.ts';

/** A token and those that it was made with, from the newest on. One that is not there comes without a record, and last. */
export function* tokenLine(
  view: View,
  id: string,
): Iterable<{ id: string; token: TokenRecord | undefined }> {
  for (let next: string | undefined = id; next !== undefined; ) {
    const token: TokenRecord | undefined = view.access({ kind: 'token', id: next });
    yield { id: next, token };
    const parent: TokenRecord['parent'] = token?.parent;
    next = parent !== undefined && 'token' in parent ? parent.token : undefined;
  }
}
