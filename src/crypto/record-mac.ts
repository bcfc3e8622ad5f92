// The MAC that every stored value carries: who can only write the log can add, change or move nothing.
import { lengthPrefixed } from './bytes.ts';
import type { MasterKey } from './master-key.ts';
import { equalTexts, hmacSha256 } from './primitives.ts';

/** base64 of 32 bytes over store, record key and the canonical JSON of the value without its MAC. */
export function recordMac(
  key: MasterKey,
  storeId: Uint8Array,
  recordKey: string,
  canonicalValue: string,
): string {
  return hmacSha256(key.recordMacKey, lengthPrefixed(storeId, recordKey, canonicalValue));
}

/** True where the MAC fits and stands in its one canonical form. Compares in constant time. */
export function checkRecordMac(
  key: MasterKey,
  storeId: Uint8Array,
  recordKey: string,
  canonicalValue: string,
  mac: string,
): boolean {
  // A text that has no UTF-8 was never MACed; it is refused here, where recordMac throws.
  if (!recordKey.isWellFormed() || !canonicalValue.isWellFormed()) return false;
  return equalTexts(mac, recordMac(key, storeId, recordKey, canonicalValue));
}
