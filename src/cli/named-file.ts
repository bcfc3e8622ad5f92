// A file that a flag, a variable or a file of settings names.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SecretregError } from '../errors.ts';

/**
 * Its path. Fails with settings-invalid where the name is itself what the file should hold, or may be a password: it is not
 * shown. `origin` is the flag or variable that names it.
 */
export function namedFile(name: string, origin: string, folder: string): string {
  if (SECRET.test(name))
    throw new SecretregError(
      'settings-invalid',
      { place: origin, reason: 'a key or a token stands there, and not the name of its file' },
      { hint: 'SECRETREG_MASTER_KEY holds a key itself, SECRETREG_TOKEN a token' },
    );
  const path = absolute(name, folder);
  // Any word may be a password.
  if (/password/i.test(origin) && !name.includes('/') && !existsSync(path))
    throw new SecretregError(
      'settings-invalid',
      { place: origin, reason: 'no file of that name is in this folder' },
      { hint: './FILE    (the name is not shown: it may be the password itself)' },
    );
  return path;
}

/** `~/` is the user's home: a shell expands it only at the beginning of a word, and a file of settings has no shell. */
export function absolute(path: string, folder: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

const SECRET = /^(?:base64:|hex:|srt_[0-9a-z]{16})/;
