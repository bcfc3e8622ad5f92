import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Io } from './io.ts';
import { onRegistry, tellNotes } from './session.ts';
import { readSettings, type SharedFlags } from './settings.ts';

/** Runs work on who may do what in the registry that the settings name, here or over REST. */
export async function withAccess<T>(
  io: Io,
  flags: SharedFlags,
  work: (access: AccessAdmin) => Promise<T>,
): Promise<T> {
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  return onRegistry(
    io,
    settings,
    {},
    async ({ core, caller }) => {
      const { accessAdminFor } = await import('../registry/access-admin.ts');
      return work(accessAdminFor(core, caller));
    },
    ({ access }) => work(access),
  );
}
