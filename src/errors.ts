// Every error that can leave the process, in one table: exit code, what it says, what to paste next.
// `docs/errors.md` is made from it, and each row is shown by a session page in test/scripts/ or test/http/pages/.
// A text says what (the name quoted), why, and what would be right. It never holds a secret's value.

import { count } from './domain/count.ts';
import { secretCommand, shellWord } from './domain/shell-word.ts';

/** 1 findings, not found, refused by a rule · 2 wrong use · 3 could not run · 4 not allowed · 78 wrong key or settings · 130 interrupted. */
export type ExitCode = 1 | 2 | 3 | 4 | 78 | 130;

interface Row<P> {
  exit: ExitCode;
  /** The `error_code` of REST: HTTP status × 100 + n. What has none is told as 50001, without its text. */
  http?: number;
  text: (params: P) => string;
  hint?: (params: P) => string;
}

function row<P = object>(it: Row<P>): Row<P> {
  return it;
}

type Secret = { path: string; key: string };
/** `source`: what the command line had for it beside the names, such as `-`. */
type SecretValueOf = Secret & { source?: readonly string[] };
type SecretVersion = Secret & { version: number };
type File = { file: string };
type Reason = { reason: string };
/** In seconds; of `Retry-After` too. */
type RetryAfter = { retryAfter: number };

export const errors = {
  // Wrong use.
  'wrong-use': row<Reason>({
    exit: 2,
    http: 40001,
    text: (p) => p.reason,
    hint: () => 'secretreg --help',
  }),
  'no-such-resource': row({
    exit: 2,
    http: 40400,
    text: () => 'there is no such resource; /openapi.json lists what there is',
  }),
  'method-not-allowed': row<{ allowed: string }>({
    exit: 2,
    http: 40501,
    text: (p) => `this resource takes ${p.allowed} only`,
  }),
  'not-acceptable': row<{ type: string }>({
    exit: 2,
    http: 40601,
    text: (p) => `the answer is ${p.type}, which the request's Accept header excludes`,
  }),
  'request-too-slow': row({
    exit: 3,
    http: 40801,
    text: () => 'the request did not arrive in time',
  }),
  'body-too-large': row<{ limit: string }>({
    exit: 2,
    http: 41301,
    text: (p) => `the body is larger than ${p.limit}`,
  }),
  'not-json': row({
    exit: 2,
    http: 41501,
    text: () =>
      'the body has to be JSON in UTF-8: Content-Type application/json, without Content-Encoding',
  }),
  'headers-too-large': row({
    exit: 2,
    http: 43101,
    text: () => 'the headers of the request are larger than 16 KiB',
  }),
  'value-as-argument': row<Secret>({
    exit: 2,
    text: () =>
      'a value is never taken from the command line: other users see it in the process list and your shell keeps it in its history',
    hint: (p) =>
      `${secretCommand('put', [p.path, p.key])}    (asks without echo; or pipe the value in: … | ${secretCommand('put', [p.path, p.key, '-'])})`,
  }),
  'bad-path': row<{ path: string } & Reason>({
    exit: 2,
    http: 42201,
    text: (p) => `'${p.path}' cannot be a path: it ${p.reason}`,
  }),
  'bad-key': row<{ key: string } & Reason>({
    exit: 2,
    http: 42201,
    text: (p) => `'${p.key}' cannot be a key: it ${p.reason}`,
  }),
  'bad-version': row<{ version: string } & Reason>({
    exit: 2,
    http: 42202,
    text: (p) => `'${p.version}' cannot be a version: it ${p.reason}`,
  }),
  'bad-metadata': row<Reason>({
    exit: 2,
    http: 42208,
    text: (p) => `this metadata is not taken: ${p.reason}`,
    hint: () =>
      'secretreg metadata PATH KEY owner=TEAM expires=2027-01-31T00:00:00Z rotate-every=90d',
  }),
  'not-confirmed': row<{ what: string; command: string }>({
    exit: 2,
    text: (p) => `${p.what} needs a yes, and there is no terminal to ask on`,
    hint: (p) => p.command,
  }),

  // A value that is refused.
  'value-empty': row<SecretValueOf>({
    exit: 1,
    http: 42203,
    text: (p) => `the value for ${p.path}:${p.key} is empty, as an unset variable would leave it`,
    hint: (p) => `${putAgain(p, '--force')}    (if an empty value is meant)`,
  }),
  'value-looks-masked': row<SecretValueOf>({
    exit: 1,
    http: 42203,
    text: (p) =>
      `the value for ${p.path}:${p.key} looks like a mask or an unresolved reference, not like a credential`,
    hint: (p) => `${putAgain(p, '--force')}    (if it is really meant)`,
  }),
  'value-too-large': row<SecretValueOf & { limit: string }>({
    exit: 1,
    http: 42209,
    text: (p) => `the value for ${p.path}:${p.key} is longer than ${p.limit}`,
  }),
  'value-not-utf8': row<SecretValueOf>({
    exit: 1,
    http: 42203,
    text: (p) => `the value for ${p.path}:${p.key} is not UTF-8 text`,
    hint: (p) => `${putAgain(p, '--base64')}    (stores the bytes as base64)`,
  }),

  // Not there, or moved on.
  'path-not-found': row<{ path: string }>({
    exit: 1,
    http: 40401,
    text: (p) => `path '${p.path}' does not exist`,
    hint: () => 'secretreg list',
  }),
  'key-not-found': row<Secret>({
    exit: 1,
    http: 40402,
    text: (p) => `secret ${p.path}:${p.key} does not exist`,
    hint: (p) => secretCommand('list', [p.path]),
  }),
  'version-not-found': row<SecretVersion>({
    exit: 1,
    http: 40403,
    text: (p) => `version ${p.version} of secret ${p.path}:${p.key} does not exist`,
    hint: (p) => secretCommand('list', [p.path, p.key]),
  }),
  'version-deleted': row<SecretVersion>({
    exit: 1,
    http: 40404,
    text: (p) => `version ${p.version} of secret ${p.path}:${p.key} is deleted`,
    hint: (p) => secretCommand('restore', [p.path, p.key], [`--version ${p.version}`]),
  }),
  'version-moved-on': row<Secret & { expected: string; actual: string }>({
    exit: 1,
    http: 41201,
    text: (p) =>
      `secret ${p.path}:${p.key} has ${p.actual} where ${p.expected} was expected: nothing was written`,
    hint: (p) => secretCommand('history', [p.path, p.key]),
  }),
  'nothing-to-restore': row<{ what: string; path: string; key?: string | undefined }>({
    exit: 1,
    http: 40903,
    text: (p) => `nothing that was deleted can be restored in ${p.what}`,
    hint: (p) => secretCommand('history', p.key === undefined ? [p.path] : [p.path, p.key]),
  }),
  'still-used': row<{ what: string; places: number; command: string }>({
    exit: 1,
    text: (p) => `${p.what} is referred to in ${count(p.places, 'place')}: nothing was deleted`,
    hint: (p) => p.command,
  }),
  'audit-broken': row<{ line: number; reason: string }>({
    exit: 1,
    text: (p) => `the audit trail does not fit at line ${p.line}: ${p.reason}`,
  }),
  'audit-kept': row<{ place: string; line: string }>({
    exit: 1,
    text: (p) =>
      `no lines are removed from the audit trail of ${p.place}: it is a topic, whose brokers remove what is older than its retention.ms`,
    hint: (p) => `${p.line}    (by an administrator of the brokers)`,
  }),
  'rule-broken': row<{ count: number; file: string }>({
    exit: 1,
    text: (p) =>
      `${count(p.count, 'problem')} in ${p.file}: nothing was resolved, nothing was written`,
  }),
  'secret-exists': row<Secret & { isKnownToDiffer: boolean }>({
    exit: 1,
    text: (p) =>
      `secret ${p.path}:${p.key} exists already, ${p.isKnownToDiffer ? 'with another value than the file has' : 'and you may not read whether it has the value of the file'}: nothing was stored, nothing was written`,
    hint: () => '--key SETTING=KEY    (under another key; or --overwrite: as its new version)',
  }),
  'undo-refused': row<File & Reason>({
    exit: 1,
    text: (p) => `'${p.file}' cannot be put back: ${p.reason}; nothing was written`,
  }),
  'import-malformed': row<File & Reason & { format: string }>({
    exit: 1,
    text: (p) => `'${p.file}' cannot be imported as ${p.format}: ${p.reason}`,
  }),
  'not-exportable': row<{ count: number; format: string }>({
    exit: 1,
    text: (p) =>
      `${count(p.count, 'thing')} cannot be exported as ${p.format}: nothing was written`,
    hint: () => '--format json    (which holds every name and value)',
  }),
  'option-names-nothing': row<{
    option: string;
    name: string;
    what: string;
    near: string | undefined;
  }>({
    exit: 1,
    text: (p) =>
      `${p.what} '${p.name}', which ${p.option} names${p.near === undefined ? '' : `: did you mean '${p.near}'?`}`,
  }),
  'value-breaks-environment': row<{ name: string } & Reason>({
    exit: 1,
    text: (p) => `the value for ${p.name} cannot be handed to a command: ${p.reason}`,
  }),

  // Access.
  'not-authenticated': row<Reason>({
    exit: 4,
    http: 40101,
    text: (p) => `no credentials that count: ${p.reason}`,
    hint: () => 'SECRETREG_TOKEN_FILE=FILE, or --token-file FILE',
  }),
  'too-many-requests': row<Reason & RetryAfter>({
    exit: 3,
    http: 42901,
    text: (p) => `too many requests: ${p.reason}`,
    hint: (p) => `try again in ${p.retryAfter} s`,
  }),
  'not-allowed': row<{ principal: string; what: string }>({
    exit: 4,
    http: 40301,
    text: (p) => `${p.principal} is not allowed to ${p.what}`,
    hint: () => 'secretreg access grants    (your own; a UserAdmin gives others)',
  }),
  'bad-principal': row<{ principal: string } & Reason>({
    exit: 2,
    http: 42204,
    text: (p) => `'${p.principal}' cannot be a principal: it ${p.reason}`,
    hint: () => 'User:alice',
  }),
  'bad-grant': row<Reason>({
    exit: 2,
    http: 42205,
    text: (p) => `no such grant can be made: ${p.reason}`,
  }),
  'bad-token': row<Reason>({
    exit: 2,
    http: 42206,
    text: (p) => `no such token can be made: ${p.reason}`,
  }),
  'bad-password': row<Reason>({
    exit: 2,
    http: 42207,
    text: (p) => `the password is refused: it ${p.reason}`,
  }),
  'grant-not-found': row<{ principal: string; what: string }>({
    exit: 1,
    http: 40405,
    text: (p) => `${p.principal} has no grant ${p.what}`,
    hint: () => 'secretreg access grants',
  }),
  'user-not-found': row<{ principal: string }>({
    exit: 1,
    http: 40406,
    text: (p) => `there is no user ${p.principal}`,
    hint: () => 'secretreg access user list',
  }),
  'user-exists': row<{ principal: string }>({
    exit: 1,
    http: 40901,
    text: (p) => `there is a user ${p.principal} already`,
    hint: () => 'secretreg access user list',
  }),
  'token-not-found': row<{ id: string }>({
    exit: 1,
    http: 40407,
    text: (p) => `there is no token ${p.id}`,
    hint: () => 'secretreg access token list',
  }),

  // Keys, settings, and registries that are not one.
  'no-registry': row<{ place: string }>({
    exit: 78,
    http: 50302,
    text: (p) => `there is no registry at ${p.place}`,
    hint: () => 'secretreg init',
  }),
  'manifest-refused': row<File & Reason>({
    exit: 78,
    text: (p) => `'${p.file}' is not used as a manifest: ${p.reason}`,
    hint: () => 'secretreg manifest FILE    (by whoever may list the names)',
  }),
  'manifest-too-old': row<File & { madeAt: string; oldest: string }>({
    exit: 3,
    text: (p) =>
      `the manifest '${p.file}' was made at ${p.madeAt}, which is before ${p.oldest}: what exists now is not known`,
    hint: (p) => `secretreg manifest ${shellWord(p.file)}    (by whoever may list the names)`,
  }),
  'registry-exists': row<{ place: string }>({
    exit: 78,
    text: (p) => `there is a registry at ${p.place} already; it is left as it is`,
    hint: () => 'secretreg list',
  }),
  'not-a-registry': row<{ place: string } & Reason>({
    exit: 78,
    text: (p) => `${p.place} is not a secretreg registry: ${p.reason}`,
  }),
  'registry-damaged': row<{ place: string } & Reason>({
    exit: 3,
    http: 50302,
    text: (p) => `the registry at ${p.place} is damaged: ${p.reason}; nothing was written`,
    hint: () => 'put a backup in its place: docs/operations.md, "A damaged file"',
  }),
  'registry-moved': row<{ place: string; to: string }>({
    exit: 78,
    http: 50302,
    text: (p) => `the registry at ${p.place} was moved to ${p.to}`,
    hint: (p) =>
      `secretreg list --registry ${shellWord(p.to)}    (so with every command; or SECRETREG_REGISTRY=${shellWord(p.to)})`,
  }),
  'registry-moving': row<{ place: string; to: string }>({
    exit: 3,
    http: 50302,
    text: (p) =>
      `the registry at ${p.place} is being moved to ${p.to}: until that is done it takes no changes`,
    hint: (p) =>
      `secretreg migrate --to ${shellWord(p.to)}    (goes on where it was interrupted; --cancel ends the move)`,
  }),
  'move-ended': row<{ place: string; to: string }>({
    exit: 1,
    text: (p) =>
      `the move from ${p.place} to ${p.to} was ended by somebody else meanwhile: it goes no further`,
    hint: () => 'secretreg migrate --to URL    (to another place: half of a copy is in this one)',
  }),
  'format-too-new': row<{ format: string }>({
    exit: 78,
    text: (p) => `this registry has format ${p.format}; this secretreg knows format 1`,
    hint: () => 'install a newer secretreg',
  }),
  'not-over-rest': row<{ what: string; registry: string }>({
    exit: 2,
    text: (p) => `${p.what} works on a file or a topic itself, not over REST (${p.registry})`,
    hint: () => 'where the server runs: the same command with its --registry and --master-key-file',
  }),
  'settings-invalid': row<{ place: string } & Reason>({
    exit: 78,
    text: (p) => `${p.place}: ${p.reason}`,
  }),
  'no-master-key': row<{ file: string }>({
    exit: 78,
    text: (p) => `no master key: none was named, and there is no ${p.file}`,
    hint: () =>
      '--master-key-file FILE, or SECRETREG_MASTER_KEY_FILE; a lost key cannot be replaced, only found in your backup',
  }),
  'master-key-unreadable': row<File & Reason>({
    exit: 78,
    text: (p) => `the master key file '${p.file}' cannot be read: ${p.reason}`,
  }),
  'master-key-readable-by-others': row<File & { mode: string }>({
    exit: 78,
    text: (p) => `the master key file '${p.file}' has mode ${p.mode}: other users can read it`,
    hint: (p) => `chmod 600 ${shellWord(p.file)}`,
  }),
  'readable-by-others': row<File & { what: string; mode: string }>({
    exit: 78,
    text: (p) => `${p.what} '${p.file}' has mode ${p.mode}: other users can read it`,
    hint: (p) => `chmod 600 ${shellWord(p.file)}`,
  }),
  'audit-key-refused': row<File & Reason>({
    exit: 78,
    text: (p) => `the audit key file '${p.file}' is not used: ${p.reason}`,
    hint: () => 'secretreg audit key export FILE    (by whoever has the master key)',
  }),
  'master-key-malformed': row<Reason>({
    exit: 78,
    text: (p) => `the master key is malformed: ${p.reason}`,
    hint: () => 'secretreg keygen FILE',
  }),
  'master-key-refused': row<Reason>({
    exit: 78,
    text: (p) => `the master key is refused: ${p.reason}`,
    hint: () => 'secretreg keygen FILE',
  }),
  'master-key-command-failed': row<Reason>({
    exit: 78,
    text: (p) => `the master key command failed: ${p.reason}`,
  }),
  'wrong-master-key': row<{ given: string; active: string }>({
    exit: 78,
    http: 50305,
    text: (p) =>
      `wrong master key: the registry is under key ${p.active}, the given one is ${p.given}`,
    hint: (p) => `--master-key-file FILE    (the file of key ${p.active}, which was not given)`,
  }),
  'master-key-retiring': row<{ given: string; successor: string }>({
    exit: 78,
    http: 50305,
    text: (p) =>
      `the master key is being changed from ${p.given} to ${p.successor}: nothing is read or written with ${p.given} any more`,
    hint: () =>
      '--accept-key-file NEW; where the change was interrupted: secretreg rotate --master-key-file OLD --new-key-file NEW',
  }),
  // As which a client tells of the two rows above.
  'key-not-on-server': row({
    exit: 3,
    http: 50305,
    text: () => 'the server does not hold the master key of its registry',
    hint: () =>
      'secretreg serve --accept-key-file NEW    (its operator; a server that runs reads the file of its key again at SIGHUP)',
  }),
  'master-key-not-held': row<{ kid: string }>({
    exit: 78,
    http: 42210,
    text: (p) => `the server does not hold master key ${p.kid}, so it cannot change to it`,
    hint: () => 'secretreg serve --accept-key-file NEW    (on every server, before the change)',
  }),
  'rotation-running': row<{ kid: string }>({
    exit: 1,
    http: 40902,
    text: (p) => `a change of the master key to ${p.kid} is under way`,
    hint: () => 'secretreg rotate --status',
  }),
  'no-rotation': row({
    exit: 1,
    http: 40409,
    text: () => 'this server was not asked to change the master key since it started',
    hint: () => 'secretreg rotate --status',
  }),
  'rotation-failed': row<{ place: string; kid: string } & Reason>({
    exit: 3,
    text: (p) =>
      `${p.place} did not finish the change of the master key to ${p.kid} (${p.reason}): its log says more`,
    hint: () => 'secretreg rotate --status    (the same command goes on where it was interrupted)',
  }),
  'rotation-not-followed': row<{ place: string; kid: string } & Reason>({
    exit: 3,
    text: (p) =>
      `${p.place} has begun the change of the master key to ${p.kid}, and does not say any more how it goes: ${p.reason}`,
    hint: (p) => `secretreg rotate --new-key-id ${p.kid}    (goes on with it)`,
  }),
  'rotation-unfinished': row<{ old: string; active: string }>({
    exit: 78,
    http: 50302,
    text: (p) =>
      `the change of the master key from ${p.old} to ${p.active} was not finished: some secrets still need the old key`,
    hint: () =>
      '--accept-key-file OLD; where the change was interrupted: secretreg rotate --master-key-file OLD --new-key-file NEW',
  }),
  'node-too-old': row<{ node: string; reason: string }>({
    exit: 78,
    text: (p) => `Node.js ${p.node} cannot run secretreg: ${p.reason}`,
    hint: () => 'use Node.js 24.21 or newer, or 22.23 or newer of line 22',
  }),
  'network-file-system': row<{ place: string; type: string }>({
    exit: 78,
    text: (p) =>
      `${p.place} lies on a network file system (${p.type}), where SQLite's locks do not hold`,
    hint: () => '--registry file:PATH on a local disk',
  }),

  // The server.
  'audit-unavailable': row<Reason>({
    exit: 3,
    http: 50303,
    text: (p) => `the request could not be audited, and so is not answered: ${p.reason}`,
  }),
  'tls-missing': row<{ address: string }>({
    exit: 78,
    text: (p) =>
      `a server on ${p.address} needs TLS: without it everybody on the way can read tokens and secrets`,
    hint: () =>
      '--tls-cert FILE --tls-key FILE    (or --insecure-http, where something in front of it has TLS)',
  }),
  'tls-refused': row<File & Reason>({
    exit: 78,
    text: (p) => `'${p.file}' is not used for TLS: ${p.reason}`,
  }),
  'port-in-use': row<{ address: string; setting: string; another: string }>({
    exit: 3,
    text: (p) => `${p.address} is in use by another process`,
    hint: (p) => `${p.setting} ${p.another}    (or end that process, which ss -ltnp shows)`,
  }),
  'cannot-listen': row<{ address: string } & Reason>({
    exit: 3,
    text: (p) => `no server can be started on ${p.address}: ${p.reason}`,
  }),

  // A Connect worker.
  'worker-unreachable': row<{ place: string } & Reason>({
    exit: 3,
    text: (p) => `the Connect worker at ${p.place} cannot be used: ${p.reason}`,
  }),
  'worker-refused': row<{ place: string; what: string; status: number } & Reason>({
    exit: 3,
    text: (p) => `the Connect worker at ${p.place} refused to ${p.what} (${p.status}): ${p.reason}`,
  }),
  'worker-not-allowed': row<{ place: string; what: string; status: number }>({
    exit: 4,
    text: (p) =>
      `the Connect worker at ${p.place} does not ${p.what} without another log-in (${p.status})`,
    hint: () =>
      '--connect-user NAME --connect-password-file FILE, or --connect-token-file FILE    (who may do that on the worker)',
  }),
  'worker-log-in-refused': row<{ place: string; login: string; status: number }>({
    exit: 4,
    text: (p) => `the Connect worker at ${p.place} does not accept ${p.login} (${p.status})`,
  }),

  // Could not run.
  'store-locked': row<{ place: string; seconds: string }>({
    exit: 3,
    http: 50302,
    text: (p) =>
      `the registry at ${p.place} was locked by another process for ${p.seconds} s; nothing was written`,
    hint: () => 'try again; if it stays, look for a process that holds the file open',
  }),
  'store-unavailable': row<{ place: string } & Reason>({
    exit: 3,
    http: 50302,
    text: (p) => `the registry at ${p.place} cannot be used: ${p.reason}; nothing was written`,
  }),
  'not-ready': row<Reason>({
    exit: 3,
    http: 50301,
    text: (p) => `the server is not ready: ${p.reason}`,
    hint: () => 'try again in a second',
  }),
  'outcome-unknown': row<{ place: string; attempt: string }>({
    exit: 3,
    http: 50304,
    text: (p) =>
      `it could not be found out whether the registry at ${p.place} took the change (attempt ${p.attempt})`,
    hint: () => 'secretreg history PATH KEY    (before you try again)',
  }),
  'commit-rejected': row<{ place: string } & Reason>({
    exit: 3,
    http: 50302,
    text: (p) => `the registry at ${p.place} refused the change: ${p.reason}; nothing was written`,
  }),
  'record-not-authentic': row<{ what: string }>({
    exit: 3,
    http: 50302,
    text: (p) => `${p.what} is damaged, or was moved from another place: it is not used`,
    hint: () => 'secretreg doctor',
  }),
  'record-under-unknown-key': row<{ what: string; kid: string }>({
    exit: 3,
    http: 50302,
    text: (p) => `${p.what} is under master key ${p.kid}, which was not given`,
    hint: () => 'secretreg rotate --status',
  }),
  'file-unreadable': row<File & Reason>({
    exit: 3,
    text: (p) => `'${p.file}' cannot be read: ${p.reason}`,
  }),
  'revision-unknown': row<{ revision: string }>({
    exit: 3,
    text: (p) => `Git has no revision '${p.revision}', or not the commit where this branch left it`,
    hint: () =>
      'git fetch --unshallow origin    (a shallow clone lacks the history; in GitHub Actions: fetch-depth: 0)',
  }),
  'changes-unknown': row<{ revision: string } & Reason>({
    exit: 3,
    text: (p) => `which files changed since '${p.revision}' is not known: ${p.reason}`,
  }),
  'file-not-writable': row<File & Reason>({
    exit: 3,
    text: (p) => `'${p.file}' cannot be written: ${p.reason}`,
  }),
  'existence-not-checked': row({
    exit: 3,
    text: () => 'the existence of the secrets could not be checked: no registry was found',
    hint: () => '--registry file:PATH, or --manifest FILE',
  }),
  'command-not-started': row<{ command: string } & Reason>({
    exit: 3,
    text: (p) => `'${p.command}' could not be started: ${p.reason}`,
  }),
  interrupted: row({
    exit: 130,
    text: () => 'interrupted; nothing was left half-written',
  }),
  'move-interrupted': row<{ standing: string; to: string }>({
    exit: 130,
    text: (p) => `interrupted: ${p.standing}`,
    hint: (p) => `secretreg migrate --to ${shellWord(p.to)}    (goes on where it was interrupted)`,
  }),
  'rotation-interrupted': row<{ next: string }>({
    exit: 130,
    text: () =>
      'interrupted: the change of the master key has begun and is not finished; until it is, neither key alone will do',
    hint: (p) => p.next,
  }),
  ours: row<Reason>({
    exit: 3,
    text: (p) => `a fault of secretreg itself: ${p.reason}`,
    hint: () => 'please report it, with the command and this text',
  }),
};

/** The command once more, with one option more. */
function putAgain({ path, key, source }: SecretValueOf, option: string): string {
  const words = Array.isArray(source) ? source.map((word) => String(word)) : [];
  const names = words.filter((word) => word === '-');
  const options = words.filter((word) => word !== '-').map(shellWord);
  return secretCommand('put', [path, key, ...names], [...options, option]);
}

export type ErrorCode = keyof typeof errors;
export type ErrorParams<C extends ErrorCode> = Parameters<(typeof errors)[C]['text']>[0];

interface ErrorOptions {
  cause?: unknown;
  hint?: string | undefined;
  /** The filled text, where it was filled elsewhere: by a server. The parameters are not known then, and the hint is what is given. */
  text?: string;
}

/** The one error class. `code` names the row; `message` and `hint` are its filled texts. */
export class SecretregError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SecretregError';
  readonly code: C;
  readonly params: ErrorParams<C>;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  /** The `error_code` of REST, where the error is one that a caller there is told. */
  readonly http: number | undefined;

  constructor(code: C, params: ErrorParams<C>, options: ErrorOptions = {}) {
    const it = errors[code] as Row<ErrorParams<C>>;
    const { cause, hint, text } = options;
    super(text ?? it.text(params), cause === undefined ? {} : { cause });
    this.code = code;
    this.params = params;
    this.hint = text === undefined ? (hint ?? it.hint?.(params)) : hint;
    this.exit = it.exit;
    this.http = it.http;
  }
}

/** True for a SecretregError with one of the codes. */
export function hasCode<C extends ErrorCode>(
  error: unknown,
  ...codes: C[]
): error is SecretregError<C> {
  return error instanceof SecretregError && (codes as ErrorCode[]).includes(error.code);
}

/** The code that Node gives an error of its own or of the system, such as `ENOENT`; empty where it has none. */
export function nodeCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
