// Fetching the master key from where the settings say it is.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { type MasterKeyInput, parseMasterKey } from '../crypto/master-key.ts';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './output-file.ts';
import type { KeySource } from './settings.ts';

/** Fails with the codes `no-master-key` and `master-key-…`. */
export function fetchMasterKey(source: KeySource): MasterKeyInput {
  const parsed = parseMasterKey(fetchText(source));
  if (parsed.ok) return parsed.value;
  throw new SecretregError(parsed.problem.code, {
    reason: `${parsed.problem.reason} (from ${describe(source)})`,
  });
}

function fetchText(source: KeySource): string {
  switch (source.kind) {
    case 'text':
      return source.value;
    case 'command':
      return fromCommand(source.value);
    case 'file':
      return fromFile(source);
  }
}

function fromFile(source: KeySource): string {
  const file = source.value;
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if (
      source.origin === 'default' &&
      error instanceof Error &&
      'code' in error &&
      error.code === 'ENOENT'
    ) {
      throw new SecretregError('no-master-key', { file });
    }
    throw new SecretregError(
      'master-key-unreadable',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  }
  try {
    const { mode } = fstatSync(handle);
    // A pipe (`<(pass show …)`) has no file that others could open later.
    if (fstatSync(handle).isFile() && (mode & 0o077) !== 0) {
      throw new SecretregError('master-key-readable-by-others', {
        file,
        mode: (mode & 0o777).toString(8).padStart(4, '0'),
      });
    }
    return readFileSync(handle, 'utf8');
  } catch (error) {
    if (error instanceof SecretregError) throw error;
    throw new SecretregError(
      'master-key-unreadable',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  } finally {
    closeSync(handle);
  }
}

/** What the command printed; its own messages go to our stderr. */
function fromCommand(command: string): string {
  // Loaded here, for every command fetches a key and hardly any has one of this kind.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    return execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      stdio: ['inherit', 'pipe', 'inherit'],
      maxBuffer: 64 * 1024,
    });
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    // The error itself holds what the command printed: it is not kept as a cause.
    throw new SecretregError('master-key-command-failed', {
      reason:
        typeof status === 'number'
          ? `it ended with exit code ${status}`
          : 'it could not be run to its end',
    });
  }
}

function describe(source: KeySource): string {
  return source.kind === 'file' ? source.value : source.origin;
}
