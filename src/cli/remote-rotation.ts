// The change of the master key of a server: the server does the work, and is only told which of the keys that it holds
// becomes the new one. No key leaves this machine.
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpOperations, RotationProgress } from '../client/http-operations.ts';
import { count } from '../domain/count.ts';
import { shellWord } from '../domain/shell-word.ts';
import { hasCode, SecretregError } from '../errors.ts';
import { placeOf } from '../exchange/exchange.ts';
import type { Context } from './command.ts';
import type { RotateFlags } from './commands/rotate.ts';
import { formatOption } from './formats.ts';
import { type Io, print } from './io.ts';
import { fetchMasterKey } from './master-key.ts';
import { printMasterKeys } from './master-key-rows.ts';
import { namedFile } from './named-file.ts';
import { namingRegistry } from './named-registry.ts';
import { startBar } from './progress.ts';
import { withClient } from './remote-client.ts';
import type { RemoteSettings } from './remote-settings.ts';

const POLL_MS = 300;

export async function rotateRemotely(
  io: Io,
  remote: RemoteSettings,
  flags: RotateFlags,
  onInterrupt: Context['onInterrupt'],
): Promise<void> {
  const registry = placeOf(remote.url);
  if (flags.prepare)
    throw new SecretregError('not-over-rest', { what: 'rotate --prepare', registry });
  if (flags.dryRun)
    throw new SecretregError('not-over-rest', { what: 'rotate --dry-run', registry });
  await withClient(remote, async ({ operations, place }) => {
    if (flags.status)
      return printMasterKeys(io, formatOption(flags.output), await operations.masterKeys());
    const kid = newKeyId(io, flags);
    const underWay = () => onInterrupt(() => interrupted(flags));
    const lost = (error: unknown) => notFollowed(error, { place, kid }, flags);
    const { total } = await rotateAndWait(io, operations, { kid, place, underWay, lost });
    await print(
      io,
      `${place} is under key ${kid}: ${count(total, 'record')} re-encrypted, and every one opens\nfrom now on every server needs the new key: secretreg serve --master-key-file NEW\n`,
    );
  });
}

/** The id of the new key: that of the key in --new-key-file, or --new-key-id as it was given. */
function newKeyId(io: Io, { newKeyFile, newKeyId }: RotateFlags): string {
  if ((newKeyFile === undefined) === (newKeyId === undefined))
    throw new SecretregError(
      'wrong-use',
      { reason: 'rotate over REST needs either --new-key-file or --new-key-id' },
      { hint: 'secretreg rotate --status    (the keys that the registry knows)' },
    );
  if (newKeyId !== undefined) return parseKeyId(newKeyId);
  const value = namedFile(newKeyFile ?? '', '--new-key-file', io.cwd);
  const key = fetchMasterKey({ kind: 'file', value, origin: '--new-key-file' });
  if (key.kind === 'bytes') return key.key.kid;
  throw new SecretregError(
    'wrong-use',
    {
      reason:
        'the new key is a passphrase, and which key it is depends on a salt that the server has',
    },
    {
      hint: 'secretreg rotate --status; secretreg rotate --new-key-id ID    (the one that is prepared)',
    },
  );
}

/** What is none is not shown: it may be the key itself. */
function parseKeyId(text: string): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  throw new SecretregError(
    'wrong-use',
    { reason: '--new-key-id is not the id of a key, which has 32 digits of 0-9 and a-f' },
    { hint: 'secretreg rotate --status    (the ids of the keys that the registry knows)' },
  );
}

/** The server goes on without anybody who waits for it. */
function interrupted(flags: RotateFlags): SecretregError {
  const command = namingRegistry('secretreg rotate --status', flags);
  return new SecretregError('rotation-interrupted', {
    next: `${command}    (the server goes on with the change)`,
  });
}

/** Of a change that has begun: what a question about it ends with says that nothing was written, of itself alone. */
function notFollowed(
  error: unknown,
  change: { place: string; kid: string },
  { newKeyFile, newKeyId }: RotateFlags,
): SecretregError {
  const reason = reasonOf(error);
  const to =
    newKeyFile === undefined
      ? ` --new-key-id ${shellWord(newKeyId ?? change.kid)}`
      : ` --new-key-file ${shellWord(newKeyFile)}`;
  const hint = `secretreg rotate${to}    (goes on with it; until it is done neither key alone will do)`;
  return new SecretregError('rotation-not-followed', { ...change, reason }, { hint, cause: error });
}

function reasonOf(error: unknown): string {
  if (hasCode(error, 'store-unavailable') && typeof error.params.reason === 'string')
    return error.params.reason;
  return (error as Error).message.replace(/; nothing was written$/, '');
}

interface Following {
  kid: string;
  place: string;
  underWay: () => void;
  /** The error in place of one that comes once the server has begun. */
  lost: (error: unknown) => SecretregError;
}

async function rotateAndWait(
  io: Io,
  operations: HttpOperations,
  { kid, place, underWay, lost }: Following,
): Promise<RotationProgress> {
  const bar = await startBar(io, 're-encrypting');
  try {
    let progress = await operations.rotate(kid);
    while (progress.state === 'running') {
      underWay();
      bar.show(progress.done, progress.total);
      await wait(POLL_MS);
      progress = await operations.rotation().catch((error: unknown) => {
        throw lost(error);
      });
    }
    if (progress.state === 'done') return progress;
    throw new SecretregError('rotation-failed', {
      place,
      kid,
      reason: progress.error ?? 'unknown',
    });
  } finally {
    bar.end();
  }
}
