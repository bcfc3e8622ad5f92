// The audit key in a file: what proves a trail, and could forge one.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { type ExportedAuditKey, parseAuditKey } from '../crypto/audit-key-text.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './output-file.ts';

/** Fails with audit-key-refused, also where other users can read the file. */
export function readAuditKey(file: string): ExportedAuditKey & { file: string } {
  const parsed = parseAuditKey(contentOf(file));
  if (parsed.ok) return { ...parsed.value, file };
  throw new SecretregError('audit-key-refused', { file, reason: parsed.problem });
}

function contentOf(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const stat = fstatSync(handle);
    if (stat.isFile() && (stat.mode & 0o077) !== 0)
      throw new SecretregError(
        'audit-key-refused',
        { file, reason: 'other users can read it, and could forge lines with it' },
        { hint: `chmod 600 ${shellWord(file)}` },
      );
    return readFileSync(handle, 'utf8');
  } catch (error) {
    if (error instanceof SecretregError) throw error;
    const reason = `it cannot be read: ${reasonOf(error)}`;
    throw new SecretregError('audit-key-refused', { file, reason }, { cause: error });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
