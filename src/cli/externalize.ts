// Carries out what `externalize` has shown. It may be ended anywhere: the values are durable in the registry before a file
// loses them, and the next run finds them there.
import { rmSync } from 'node:fs';
import { count } from '../domain/count.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import type { Externalized } from '../validator/externalize.ts';
import { type Io, note } from './io.ts';
import { registryWords } from './named-registry.ts';
import { replaceFile } from './output-file.ts';
import { leftIn, type Plan, type PlannedFile } from './plaintext.ts';
import { onIdentifiedRegistry } from './session.ts';
import type { Settings, SharedFlags } from './settings.ts';
import { type StoredSecrets, storeSecrets } from './stored-secrets.ts';
import { type StoredReference, undoFileFor, writeUndoFile } from './undo-file.ts';

interface Options {
  provider: string;
  overwrite?: boolean;
  /** Where to write the undo file, where only one file changes. */
  undoFile?: string;
  /** What the command line named, for the command that takes it back. */
  flags: SharedFlags;
}

/** Fails with secret-exists, file-not-writable, and what a write fails with. */
export async function carryOut(
  io: Io,
  settings: Settings,
  { files, secrets }: Plan,
  { provider, overwrite = false, undoFile, flags }: Options,
): Promise<void> {
  let registry = '';
  const stored = await onIdentifiedRegistry(io, settings, (found, id) => {
    registry = id;
    return storeSecrets(found, secrets, { overwrite });
  });
  const there = secretCount(secrets) - stored.written;
  const rest = there === 0 ? '' : `; ${there} ${there === 1 ? 'was' : 'were'} there already`;
  note(io, `stored ${count(stored.written, 'secret')}${rest}`);
  for (const planned of files) {
    const { file } = planned;
    const place = undoFile ?? undoFileFor(file);
    write(planned, { place, registry, provider, secrets: withVersions(planned.secrets, stored) });
    const back = `secretreg externalize --undo ${shellWord(place)}${registryWords(flags)}`;
    note(io, `wrote ${file}    (back with ${back})`);
    for (const { secret, line } of leftIn(planned))
      note(io, `${file}:${line}: the value of ${secret.path}:${secret.key} stands here still`);
  }
  note(
    io,
    'the values stood in clear, and may stand in copies of the files and in their history: new ones are safer',
  );
}

/** How many of them are different secrets. */
export function secretCount(secrets: readonly Externalized[]): number {
  return new Set(secrets.map(({ reference }) => reference)).size;
}

/** The undo file is there before the file has changed, and is removed where the change fails. */
function write(
  { file, before, after }: PlannedFile,
  undo: {
    place: string;
    registry: string;
    provider: string;
    secrets: readonly StoredReference[];
  },
): void {
  const { place, ...told } = undo;
  writeUndoFile(place, { file, ...told });
  try {
    replaceFile(file, before, after);
  } catch (error) {
    rmSync(place);
    throw error;
  }
}

function withVersions(
  secrets: readonly Externalized[],
  { versions }: StoredSecrets,
): StoredReference[] {
  return secrets.flatMap(({ path, key, setting, reference }) => {
    const version = versions.get(reference);
    if (version === undefined)
      throw new SecretregError('ours', { reason: 'a reference has no version' });
    return [{ path, key, setting, reference, version }];
  });
}
