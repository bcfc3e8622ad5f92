import { rmSync } from 'node:fs';
import { headText } from '../../domain/audit-head.ts';
import { count } from '../../domain/count.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { failpoint } from '../../failpoint.ts';
import { backUp } from '../../registry/backup.ts';
import type { Proof } from '../../registry/proof.ts';
import { openStore } from '../../store/open-store.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, print } from '../io.ts';
import { copySecretFile, createSecretFile, requireNew, temporaryBeside } from '../output-file.ts';
import { type LocalSession, withLocalRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

const HELP = `
The registry's file is copied as it is at one moment, while other commands and
servers work with it; the copy is opened and proved before it gets its name. It
is a registry as the other one is, under the same master key: keep it away from
that key. To go back to it, put it in the place of the registry's file while
nothing works with that; docs/operations.md has the steps.

For example:  secretreg backup /backups/secretreg-$(date +%F).db`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('backup')
    .description('copy the file of a registry while others work with it, and prove the copy')
    .argument('<file>', 'a new file, of mode 0600')
    .addHelpText('after', HELP);
  sharedOptions(command).action((file: string, flags: SharedFlags) => backup(io, file, flags));
};

async function backup(io: Io, file: string, flags: SharedFlags): Promise<void> {
  requireNew(file);
  const { records, lines, head } = await withLocalRegistry(io, flags, 'backup', (session) =>
    copied(session, file),
  );
  await print(
    io,
    `wrote ${file}: ${count(records, 'sealed record')}, and every one opens; ${count(lines, 'audit line')} ${lines === 1 ? 'fits' : 'fit'}\n` +
      (head === undefined ? '' : `to keep elsewhere, for audit verify --head: ${headText(head)}\n`),
  );
}

/**
 * SQLite makes the copy beside the registry, where it is known to work: the file that was named may lie on a network file
 * system. Fails with file-not-writable.
 */
async function copied({ settings, core, caller }: LocalSession, file: string): Promise<Proof> {
  const temporary = temporaryBeside(settings.registry.value.replace(/^file:/, ''));
  const copy = {
    make() {
      createSecretFile(temporary, '');
      return temporary;
    },
    open: () => openStore(`file:${temporary}`, new Map(), () => undefined),
  };
  try {
    const proof = await backUp(core, caller, copy).catch((error: unknown) => {
      throw ofCopy(error, temporary);
    });
    failpoint('copy-proved');
    copySecretFile(temporary, file);
    return proof;
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${temporary}${end}`, { force: true });
  }
}

/** The registry was asked a moment before: what cannot be reached now is the copy. */
function ofCopy(error: unknown, file: string): unknown {
  if (!hasCode(error, 'store-unavailable')) return error;
  const { reason } = error.params;
  return new SecretregError('file-not-writable', { file, reason }, { cause: error });
}
