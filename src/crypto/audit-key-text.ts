// The audit key as it stands in a file, for who proves a trail without being able to open a secret. It names its registry,
// so that the key of another one is told from a trail that was forged; and it looks like no master key.
import { ok, type Result, refused } from '../domain/result.ts';
import { base64, parseBase64 } from './bytes.ts';
import { AuditKey } from './chain.ts';

export interface ExportedAuditKey {
  /** Hex. */
  storeId: string;
  key: AuditKey;
}

export function auditKeyText(storeId: string, bytes: Uint8Array): string {
  return `${PREFIX}${storeId}:${base64(bytes)}`;
}

/** Reads the text of such a file; the problem is a clause. One final newline is no part of it. */
export function parseAuditKey(text: string): Result<ExportedAuditKey, string> {
  if (!text.startsWith(PREFIX)) return refused(`it does not begin with '${PREFIX}'`);
  const [, storeId, encoded = ''] =
    /^([0-9a-f]{32}):([A-Za-z0-9+/=]{44})\r?\n?$/.exec(text.slice(PREFIX.length)) ?? [];
  const bytes = parseBase64(encoded, 32);
  if (storeId === undefined || bytes === undefined) return refused('it is cut off, or was changed');
  return ok({ storeId, key: AuditKey.fromBytes(bytes) });
}

const PREFIX = 'secretreg-audit-key:';
