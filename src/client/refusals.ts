// Turns a server's refusal, `{"error_code", "message"}`, into the error with which a local registry would fail. The text is the
// server's, which has it from the same table of errors; the hint is made here, from what was asked for.
import type { RoleBinding } from '../domain/access.ts';
import { secretCommand } from '../domain/shell-word.ts';
import { type ErrorCode, errors, SecretregError } from '../errors.ts';

/** What a request is about. */
export interface About {
  path?: string;
  key?: string;
  version?: number;
  principal?: string;
  id?: string;
  grant?: RoleBinding;
  /** A password that is to be set. */
  isPassword?: true;
  /** Seconds, as the answer says. */
  retryAfter?: number;
}

export interface Refusal {
  error_code: number;
  message: string;
}

/** undefined where the body is not an error of a registry. */
export function parseRefusal(body: unknown): Refusal | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error_code, message } = body as Record<string, unknown>;
  if (!Number.isSafeInteger(error_code) || typeof message !== 'string') return undefined;
  return { error_code: error_code as number, message: message.slice(0, LONGEST) };
}

/** In characters. No message of ours comes near it. */
const LONGEST = 2000;

/** `loginHint`: in place of the hint of the table where the log-in is what was refused. */
export function refused(
  { error_code, message }: Refusal,
  about: About,
  loginHint?: string,
): SecretregError {
  const code = codeOf(error_code);
  const ofLogin = code === 'not-authenticated' ? loginHint : undefined;
  return new SecretregError(code, about, { text: message, hint: ofLogin ?? hintFor(code, about) });
}

/** Numbers that several rows share, each with the row to take for it. */
const SHARED: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [42201, 'bad-path'],
  [42203, 'value-looks-masked'],
  [50301, 'not-ready'],
  [50302, 'store-unavailable'],
  [50305, 'key-not-on-server'],
]);

const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  ...(Object.keys(errors) as ErrorCode[]).flatMap((code) => {
    const { http } = errors[code] as { http?: number };
    return http === undefined ? [] : [[http, code] as const];
  }),
  ...SHARED,
]);

function codeOf(number: number): ErrorCode {
  const known = CODES.get(number);
  if (known !== undefined) return known;
  // Other servers with this API may give the bare status as the number.
  const status = number < 1000 ? number : Math.floor(number / 100);
  if (status === 404) return 'path-not-found';
  if (status === 401) return 'not-authenticated';
  if (status === 429) return 'too-many-requests';
  if (status === 403) return 'not-allowed';
  if (status === 413) return 'commit-rejected';
  return status < 500 ? 'wrong-use' : 'store-unavailable';
}

/** The names that the hint of a row needs; a row that is not here gets none. */
const NEEDED: Partial<Record<ErrorCode, readonly (keyof About)[]>> = {
  'path-not-found': [],
  'key-not-found': ['path'],
  'version-not-found': ['path', 'key'],
  'version-deleted': ['path', 'key', 'version'],
  'version-moved-on': ['path', 'key'],
  'nothing-to-restore': ['path'],
  'not-ready': [],
  'key-not-on-server': [],
  'master-key-not-held': [],
  'rotation-running': [],
  'not-authenticated': [],
  'too-many-requests': ['retryAfter'],
  'not-allowed': [],
  'bad-principal': [],
  'grant-not-found': [],
  'user-not-found': [],
  'user-exists': [],
  'token-not-found': [],
};

function hintFor(code: ErrorCode, about: About): string | undefined {
  const { path, key, version } = about;
  // The latest version was asked for, and its number is not known here. The last delete is the one that hid it.
  if (
    code === 'version-deleted' &&
    path !== undefined &&
    key !== undefined &&
    version === undefined
  )
    return secretCommand('restore', [path, key]);
  if (code === 'not-allowed' && about.isPassword)
    return 'SECRETREG_USER=NAME SECRETREG_PASSWORD_FILE=FILE    (in place of a token, for your own; those of others a SystemAdmin sets)';
  const needed = NEEDED[code];
  if (needed === undefined || needed.some((name) => about[name] === undefined)) return undefined;
  return (errors[code] as { hint?: (params: About) => string }).hint?.(about);
}
