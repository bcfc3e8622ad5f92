import { count } from '../domain/count.ts';
import { secretName } from '../domain/names.ts';
import type { KeyInfo } from '../domain/registry.ts';
import { hint, type Io, note } from './io.ts';
import { namingRegistry } from './named-registry.ts';
import type { SharedFlags } from './settings.ts';

/** Tells of versions that nobody can read: no row shows them, and a list without them would look whole. */
export function tellDamaged(io: Io, keys: readonly KeyInfo[], flags: SharedFlags): void {
  const names = keys.flatMap((info) =>
    (info.damaged ?? []).map((version) => `version ${version} of ${secretName(info)}`),
  );
  const [first] = names;
  if (first === undefined) return;
  const which = names.length === 1 ? first : `${first} and ${count(names.length - 1, 'other')}`;
  note(io, `${which} cannot be read: the record was changed by somebody else, or taken away`);
  hint(io, namingRegistry('secretreg doctor', flags));
}
