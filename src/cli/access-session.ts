import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Io } from './io.ts';
import { hereOrOverRest } from './session.ts';
import type { SharedFlags } from './settings.ts';

/** Runs work on who may do what in the registry that the settings name, here or over REST. */
export function withAccess<T>(
  io: Io,
  flags: SharedFlags,
  work: (access: AccessAdmin) => Promise<T>,
): Promise<T> {
  return hereOrOverRest(
    io,
    flags,
    {},
    async ({ core, caller }) => {
      const { accessAdminFor } = await import('../registry/access-admin.ts');
      return work(accessAdminFor(core, caller));
    },
    ({ access }) => work(access),
  );
}
