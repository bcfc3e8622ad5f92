// Fetching the master key from where the settings say it is.
import { type MasterKeyInput, parseMasterKey } from '../crypto/master-key.ts';
import { nodeCodeOf, SecretregError } from '../errors.ts';
import { reasonOf } from './system-reason.ts';
import { readPrivate } from './private-file.ts';
import type { KeySource } from './key-source.ts';

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

function fromFile({ value: file, origin }: KeySource): string {
  return readPrivate(file, {
    unreadable: (cause) =>
      origin === 'default' && nodeCodeOf(cause) === 'ENOENT'
        ? new SecretregError('no-master-key', { file })
        : new SecretregError('master-key-unreadable', { file, reason: reasonOf(cause) }, { cause }),
    readableByOthers: (mode) => new SecretregError('master-key-readable-by-others', { file, mode }),
  });
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
    const signal = error instanceof Error && 'signal' in error ? error.signal : undefined;
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    // Ctrl-C goes to all that runs on the terminal. 130 is how a shell says that what it ran was ended by it.
    if (signal === 'SIGINT' || status === 130) throw new SecretregError('interrupted', {});
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
