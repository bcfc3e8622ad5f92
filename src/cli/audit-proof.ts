// What an auditor does: prove the trail, keep its head elsewhere, and hand on the key that proves it.
import { type AuditHead, headText, parseHead } from '../domain/audit-head.ts';
import { count } from '../domain/count.ts';
import { SecretregError } from '../errors.ts';
import { exportAuditKey, verifyWithAuditKey } from '../registry/audit-key.ts';
import type { AuditProof } from '../registry/audit-proof.ts';
import { verifyAudit } from '../registry/audit-read.ts';
import { readAuditKey } from './audit-key-file.ts';
import { type Io, note, print } from './io.ts';
import { createSecretFile, requireNew } from './output-file.ts';
import { storeOf } from './registry-store.ts';
import { requireLocal, toldSettings, withLocalRegistry } from './session.ts';
import type { SharedFlags } from './settings.ts';

export interface ProofFlags extends SharedFlags {
  auditKeyFile?: string;
  head?: string;
}

/** Fails with audit-broken. */
export async function verify(io: Io, flags: ProofFlags): Promise<void> {
  const kept = flags.head === undefined ? undefined : headOption(flags.head);
  const { lines, head, hasKept } = await prove(io, flags, 'audit verify', kept);
  const known = hasKept ? `; the one that was kept, ${kept?.seq}, is among them` : '';
  await print(
    io,
    `${count(lines, 'line')} ${lines === 1 ? 'fits' : 'fit'}; the last one is ${head?.seq ?? 0} ${head?.hash ?? ''}${known}\n`,
  );
}

/** The head of a trail that fits. Fails with audit-broken. */
export async function printHead(io: Io, flags: ProofFlags): Promise<void> {
  const { head } = await prove(io, flags, 'audit head', undefined);
  if (head !== undefined) await print(io, `${headText(head)}\n`);
}

export async function exportKey(io: Io, file: string, flags: SharedFlags): Promise<void> {
  // Before the trail says that the key was given away.
  requireNew(file);
  const text = await withLocalRegistry(io, flags, 'audit key export', ({ core, caller }) =>
    exportAuditKey(core, caller),
  );
  createSecretFile(file, `${text}\n`);
  note(
    io,
    `wrote the audit key to ${file}: it opens no secret, but whoever holds it could forge lines of the trail`,
  );
}

async function prove(
  io: Io,
  flags: ProofFlags,
  what: string,
  kept: AuditHead | undefined,
): Promise<AuditProof> {
  const proof =
    flags.auditKeyFile === undefined
      ? await withLocalRegistry(io, flags, what, ({ core }) => verifyAudit(core, kept))
      : await proveWithFile(io, { ...flags, auditKeyFile: flags.auditKeyFile }, what, kept);
  for (const text of proof.notes) note(io, text);
  if (proof.fault !== undefined) throw new SecretregError('audit-broken', proof.fault);
  return proof;
}

async function proveWithFile(
  io: Io,
  flags: ProofFlags & { auditKeyFile: string },
  what: string,
  kept: AuditHead | undefined,
): Promise<AuditProof> {
  const key = readAuditKey(flags.auditKeyFile);
  const settings = await toldSettings(io, flags);
  requireLocal(settings, what);
  const store = await storeOf(io, settings);
  try {
    return await verifyWithAuditKey(store, key, kept);
  } finally {
    await store.close();
  }
}

function headOption(text: string): AuditHead {
  const parsed = parseHead(text.trim());
  if (parsed.ok) return parsed.value;
  throw new SecretregError('wrong-use', {
    reason: `--head ${parsed.problem}; right would be what secretreg audit head printed`,
  });
}
