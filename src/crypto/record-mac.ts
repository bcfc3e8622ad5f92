// The MAC that every stored value carries: who can only write the log can add, change or move nothing.
import { base64, lengthPrefixed, parseBase64, utf8 } from './bytes.ts';
import type { MasterKey } from './master-key.ts';
import { equalBytes, hmacSha256 } from './primitives.ts';

/** base64 of 32 bytes over store, record key and the canonical JSON of the value without its MAC. */
export function recordMac(
  key: MasterKey,
  storeId: Uint8Array,
  recordKey: string,
  canonicalValue: string,
): string {
  return base64(macBytes(key, storeId, recordKey, canonicalValue));
}

/** True where the MAC fits and stands in its one canonical form. Compares in constant time. */
export function checkRecordMac(
  key: MasterKey,
  storeId: Uint8Array,
  recordKey: string,
  canonicalValue: string,
  mac: string,
): boolean {
  const given = parseBase64(mac, 32);
  // A text that has no UTF-8 was never MACed; it is refused here, where recordMac throws.
  if (given === undefined || !recordKey.isWellFormed() || !canonicalValue.isWellFormed())
    return false;
  return equalBytes(given, macBytes(key, storeId, recordKey, canonicalValue));
}

function macBytes(
  key: MasterKey,
  storeId: Uint8Array,
  recordKey: string,
  canonicalValue: string,
): Uint8Array {
  const message = lengthPrefixed(storeId, utf8(recordKey), utf8(canonicalValue));
  return hmacSha256(key.recordMacKey, message);
}
