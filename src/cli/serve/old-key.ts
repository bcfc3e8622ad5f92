// `master.encryption.old.key`, as the original has it: "When specified, all secrets are decrypted using the old key and
// re-encrypted using the new key." The server answers meanwhile; where it is stopped, its next start goes on.
import type { Log } from '../../http/log.ts';
import type { LiveRotation } from '../../registry/live-rotation.ts';
import { localCaller } from '../session.ts';

/** Never fails: what goes wrong is logged, and the registry is served on under the key that it is under. */
export async function changeFromOldKey(
  rotation: LiveRotation,
  log: Log,
  forgetOldKey: () => void,
): Promise<void> {
  if (rotation.startFromOldKey(localCaller()) === undefined) {
    forgetOldKey();
    log.info(
      'the registry is under master.encryption.key: take master.encryption.old.key out of the file',
    );
    return;
  }
  log.info('changing the master key from master.encryption.old.key to master.encryption.key');
  const ended = await rotation.settled();
  if (ended?.state === 'done') {
    forgetOldKey();
    log.info(
      { kid: ended.kid, records: ended.total },
      'the master key was changed: take master.encryption.old.key out of the file',
    );
  } else
    log.error(
      { code: ended?.error },
      'the master key was not changed: the next start goes on with it, or secretreg rotate',
    );
}
