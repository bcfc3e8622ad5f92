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
  /** What is in use at first. */
  tls: LoadedTls | undefined;
  log: Log;
  metrics: Metrics;
  clock: () => Date;
}

/** Reads the certificates anew on SIGHUP. Where they cannot be used the server goes on with those that it has. */
export function reloadOnHangup(parts: ReloadParts): void {
  const { server, connections, files, tls, log, metrics, clock } = parts;
  let authority = tls?.options.ca;
  onHangup(() => {
    if (files === undefined) {
      log.info('SIGHUP: there are no certificates to read anew');
      return;
    }
    try {
      const loaded = loadTls(files, clock());
      (server as TlsServer).setSecureContext({ minVersion: 'TLSv1.2', ...loaded.options });
      // What a connection was made with is checked no more: an authority that was taken away would count on them.
      if (tls?.options.ca !== undefined && loaded.options.ca !== authority) connections.renew();
      authority = loaded.options.ca;
      log.info({ expiresAt: loaded.expiresAt }, 'certificates read anew');
      tellExpiry(loaded, { log, metrics, now: clock() });
    } catch (error) {
      const reason =
        error instanceof SecretregError ? error.message : 'a fault of secretreg itself';
      log.error({ reason }, 'certificates not read anew: those before stay in use');
    }
  });
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
