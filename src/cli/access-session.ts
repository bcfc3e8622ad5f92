import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Io } from './io.ts';
import { onRegistry, toldSettings } from './session.ts';
import type { SharedFlags } from './settings.ts';

/** Runs work on who may do what in the registry that the settings name, here or over REST. */
export async function withAccess<T>(
  io: Io,
  flags: SharedFlags,
  work: (access: AccessAdmin) => Promise<T>,
): Promise<T> {
  const settings = await toldSettings(io, flags);
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
