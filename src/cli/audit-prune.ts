// `audit prune`: whoever has the key of a registry in a file says how long it keeps its trail. Over REST nobody can: the trail
// may tell of the very people who run the server.
import { count } from '../domain/count.ts';
import { secretCommand } from '../domain/shell-word.ts';
import { failpoint } from '../failpoint.ts';
import { type Prunable, prunable, prune, tellOfNothing } from '../registry/audit-prune.ts';
import { confirm } from './arguments.ts';
import { type Io, note, print } from './io.ts';
import { type LocalSession, withLocalRegistry } from './session.ts';
import type { SharedFlags } from './settings.ts';
import { pastOption } from './times.ts';

export interface PruneFlags extends SharedFlags {
  before: string;
  yes?: boolean;
}

export async function pruneTrail(io: Io, flags: PruneFlags): Promise<void> {
  const before = pastOption('--before', flags.before, io.clock());
  await withLocalRegistry(io, flags, 'audit prune', async ({ core, caller }) => {
    const found = await prunable(core, caller, before);
    if (found === undefined) {
      await tellOfNothing(core, caller);
      return note(io, `no line of the trail is older than ${before}: nothing was removed`);
    }
    if (!(await isMeant(io, found, flags))) return note(io, 'nothing was removed');
    await prune(core, caller, found);
    failpoint('trail-pruned');
    const { seq, hash } = found.last;
    await print(io, `${count(found.lines, 'line')} removed; the last one was ${seq} ${hash}\n`);
    await giveRoomBack(io, core);
  });
}

function isMeant(io: Io, { lines, from, to }: Prunable, { before, yes }: PruneFlags) {
  const when = lines === 1 ? `of ${from}` : `from ${from} to ${to}`;
  const what = `removing ${count(lines, 'line')} of the audit trail, ${when}, for good`;
  return confirm(io, yes, what, secretCommand('audit prune', [], [`--before ${before}`, '--yes']));
}

/** Lines hold no values, so a log that another process keeps from being emptied is no reason to fail. */
async function giveRoomBack(io: Io, { store }: LocalSession['core']): Promise<void> {
  const { gone } = await store.removeResidue();
  if (!gone)
    note(
      io,
      `${store.place} stays as large as it is, and what was removed may still be read in the -wal file beside it: another process has it in use`,
    );
}
