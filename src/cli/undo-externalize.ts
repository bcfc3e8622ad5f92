// `externalize --undo`: puts values in place of the references that an undo file lists. They are read from the registry, by
// their versions and with the right to read, and go into the file and nowhere else.
import { rmSync } from 'node:fs';
import { count } from '../domain/count.ts';
import type { Registry } from '../domain/registry.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { secretCommand, shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { shownDiff } from '../validator/diff.ts';
import { internalize, type Replaced } from '../validator/externalize.ts';
import { confirm } from './arguments.ts';
import { diffText } from './diff-text.ts';
import { readDocument } from './input-files.ts';
import { hint, type Io, note, print } from './io.ts';
import { namingRegistry } from './named-registry.ts';
import { replaceFile, requireUnchanged } from './output-file.ts';
import { onIdentifiedRegistry, toldSettings } from './session.ts';
import type { SharedFlags } from './settings.ts';
import { readUndoFile, type StoredReference, type Undo } from './undo-file.ts';

interface Flags extends SharedFlags {
  dryRun?: boolean;
  yes?: boolean;
}

/** Fails with file-unreadable, undo-refused, and what a read fails with. */
export async function undo(
  io: Io,
  place: string,
  names: readonly string[],
  flags: Flags,
): Promise<void> {
  if (names.length > 0)
    throw new SecretregError('wrong-use', { reason: '--undo takes its file from the undo file' });
  const told = readUndoFile(place);
  const { file, provider, secrets } = told;
  const input = await readDocument(io, file);
  // Fails where a reference is not in the file, before any value is read.
  const shown = await internalize(
    input,
    withValues(secrets, () => HIDDEN),
    provider,
  );
  const diff = await shownDiff(input.text, shown, { providerNames: [provider] });
  await print(io, diffText(file, diff, io.style));
  const amount = `${count(secrets.length, 'value')} back into ${file}, in clear`;
  if (flags.dryRun) return note(io, `would put ${amount}`);
  requireUnchanged(file, input.text);
  const again = `secretreg externalize --undo ${shellWord(place)} --yes`;
  if (!(await confirm(io, flags.yes, `putting ${amount}`, again)))
    return note(io, 'nothing was written');
  const settings = await toldSettings(io, flags);
  const text = await onIdentifiedRegistry(io, settings, async (registry, id) => {
    requireRegistry(told, id);
    const values = await valuesOf(registry, secrets);
    return internalize(
      input,
      withValues(secrets, (one) => values.get(one.reference)),
      provider,
    );
  });
  replaceFile(file, input.text, text);
  rmSync(place);
  note(io, `wrote ${file}; the secrets are in the registry still`);
  for (const { path, key, version } of new Map(secrets.map((one) => [one.reference, one])).values())
    hint(io, namingRegistry(secretCommand('delete', [path, key], [`--version ${version}`]), flags));
}

/** In place of each value in the diff, which hides what stands there. */
const HIDDEN = SecretValue.of('********');

function withValues(
  secrets: readonly StoredReference[],
  valueOf: (secret: StoredReference) => SecretValue | undefined,
): (Replaced & { value: SecretValue })[] {
  return secrets.flatMap((secret) => {
    const value = valueOf(secret);
    return value === undefined ? [] : [{ ...secret, value }];
  });
}

async function valuesOf(
  registry: Registry,
  secrets: readonly StoredReference[],
): Promise<Map<string, SecretValue>> {
  const values = new Map<string, SecretValue>();
  for (const { path, key, version, reference } of secrets) {
    if (values.has(reference)) continue;
    values.set(reference, (await registry.read(path, key, version)).value);
  }
  return values;
}

/** In another registry a secret of the same name has another value. */
function requireRegistry({ file, registry }: Undo, id: string): void {
  if (registry === id) return;
  const reason = 'its secrets are in another registry than this one';
  throw new SecretregError('undo-refused', { file, reason }, { hint: '--registry URL' });
}
