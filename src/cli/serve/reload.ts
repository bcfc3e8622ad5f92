import type { Server as TlsServer } from 'node:https';
import { SecretregError } from '../../errors.ts';
import type { Connections } from '../../http/connections.ts';
import type { Log } from '../../http/log.ts';
import type { Metrics } from '../../http/metrics.ts';
import { type LoadedTls, loadTls, type TlsFiles } from './certificates.ts';
import { onHangup } from './signals.ts';

export interface ReloadParts {
  server: object;
  connections: Connections;
  files: TlsFiles | undefined;
  /** The certificates that are in use at first. */
  tls: LoadedTls | undefined;
  log: Log;
  metrics: Metrics;
  clock: () => Date;
  /** Undefined where there are none to read. */
  readKeysAnew: (() => void) | undefined;
}

/** Reads master keys and certificates anew on SIGHUP. Where they cannot be used the server goes on with those that it has. */
export function reloadOnHangup(parts: ReloadParts): void {
  const { server, connections, files, tls, log, metrics, clock, readKeysAnew } = parts;
  let authority = tls?.options.ca;
  onHangup(() => {
    if (readKeysAnew !== undefined) reloadKeys(readKeysAnew, log);
    if (files === undefined) return;
    try {
      const loaded = loadTls(files, clock());
      (server as TlsServer).setSecureContext({ minVersion: 'TLSv1.2', ...loaded.options });
      // Nothing checks an open connection again: on those, an authority that was taken away would still count.
      if (tls?.options.ca !== undefined && loaded.options.ca !== authority) connections.renew();
      authority = loaded.options.ca;
      log.info({ expiresAt: loaded.expiresAt }, 'certificates read anew');
      tellExpiry(loaded, { log, metrics, now: clock() });
    } catch (error) {
      log.error(
        { reason: reasonOf(error) },
        'certificates not read anew: those before stay in use',
      );
    }
  });
}

function reloadKeys(readKeysAnew: () => void, log: Log): void {
  try {
    readKeysAnew();
    log.info('master keys read anew');
  } catch (error) {
    log.error({ reason: reasonOf(error) }, 'master keys not read anew: those before stay in use');
  }
}

function reasonOf(error: unknown): string {
  return error instanceof SecretregError ? error.message : 'a fault of secretreg itself';
}

const SOON_MS = 14 * 86_400_000;

export function tellExpiry(
  tls: LoadedTls | undefined,
  { log, metrics, now }: { log: Log; metrics: Metrics; now: Date },
): void {
  if (tls === undefined) return;
  const { expiresAt } = tls;
  metrics.certificateExpires(expiresAt);
  if (expiresAt.getTime() - now.getTime() < SOON_MS)
    log.warn({ expiresAt }, 'the certificate expires soon');
}
