import type { AccessAdmin } from '../domain/access-admin.ts';
import type { Io } from './io.ts';
import { tellNotes, withCore } from './session.ts';
import { readSettings, type SharedFlags } from './settings.ts';

/** Runs work on who may do what in the registry that the settings name, here or over REST. */
export async function withAccess<T>(
  io: Io,
  flags: SharedFlags,
  work: (access: AccessAdmin) => Promise<T>,
): Promise<T> {
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  const { remote } = settings;
  if (remote !== undefined) {
    const { withClient } = await import('./remote-client.ts');
    return withClient(remote, ({ access }) => work(access));
  }
  const { accessAdminFor } = await import('../registry/access-admin.ts');
  return withCore(io, settings, {}, ({ core, caller }) => work(accessAdminFor(core, caller)));
}
