// The audit key in a file: what proves a trail, and could forge one.
import { type ExportedAuditKey, parseAuditKey } from '../crypto/audit-key-text.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './system-reason.ts';
import { readPrivate } from './private-file.ts';

/** Fails with audit-key-refused, also where other users can read the file. */
export function readAuditKey(file: string): ExportedAuditKey & { file: string } {
  const parsed = parseAuditKey(textOf(file));
  if (parsed.ok) return { ...parsed.value, file };
  throw new SecretregError('audit-key-refused', { file, reason: parsed.problem });
}

function textOf(file: string): string {
  const refused = (reason: string, options: { hint?: string; cause?: unknown }) =>
    new SecretregError('audit-key-refused', { file, reason }, options);
  return readPrivate(file, {
    unreadable: (cause) => refused(`it cannot be read: ${reasonOf(cause)}`, { cause }),
    readableByOthers: () =>
      refused('other users can read it, and could forge lines with it', {
        hint: `chmod 600 ${shellWord(file)}`,
      }),
  });
}
