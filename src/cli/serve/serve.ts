// The life of a server: what cannot work is refused before anything is opened; at the end what was accepted is answered
// before anything is closed.
import { random } from '../../crypto/primitives.ts';
import { type Authentication, startAuthentication } from '../../http/authenticate.ts';
import { createLog, type Log } from '../../http/log.ts';
import { jwtLogin } from '../../http/login/jwt.ts';
import { createMetricsServer } from '../../http/metrics-server.ts';
import { Metrics } from '../../http/metrics.ts';
import { credentialsOf } from '../../http/registry-credentials.ts';
import { refusedRequests } from '../../http/refused-requests.ts';
import { createServer } from '../../http/server.ts';
import { accessAdminFor } from '../../registry/access-admin.ts';
import type { Core } from '../../registry/core.ts';
import { describeRegistry } from '../../registry/description.ts';
import { LiveRotation } from '../../registry/live-rotation.ts';
import { registryFor } from '../../registry/registry.ts';
import { type Io, print, printLines } from '../io.ts';
import { namingRegistry } from '../named-registry.ts';
import { showAddress } from './address.ts';
import { type LoadedTls, loadTls } from './certificates.ts';
import { listen } from './listen.ts';
import { loginLog, tellNotAudited } from './login-log.ts';
import { changeFromOldKey } from './old-key.ts';
import { reloadOnHangup, tellExpiry } from './reload.ts';
import { openInMemory, openServed, type ServedRegistry } from './served-registry.ts';
import type { ServeFlags } from './options.ts';
import { parseServeFlags, type ServeSettings } from './settings.ts';
import { untilStopped } from './signals.ts';

/** Serves until it is asked to stop. */
export async function serve(io: Io, flags: ServeFlags): Promise<void> {
  const settings = parseServeFlags(flags, io.cwd);
  const tls = settings.tls && loadTls(settings.tls, io.clock());
  const served = flags.dev ? await openInMemory(io) : await openServed(io, flags);
  try {
    // To a server --insecure-http means another thing than to those who ask one.
    const firstToken = namingRegistry(FIRST_TOKEN, { ...flags, insecureHttp: false });
    await run({ io, settings, served, tls, firstToken });
  } finally {
    await served.core.close();
  }
}

interface Parts {
  io: Io;
  settings: ServeSettings;
  served: ServedRegistry;
  tls: LoadedTls | undefined;
  /** The command that makes it. */
  firstToken: string;
}

const FIRST_TOKEN = 'secretreg access token create --principal User:admin --role SystemAdmin';

async function run({ io, settings, served, tls, firstToken }: Parts): Promise<void> {
  const { core } = served;
  const log = createLog(settings.logLevel, io.stderr);
  const metrics = new Metrics(core);
  const authentication = authenticationFor(core, settings, log, metrics);
  const rotation = new LiveRotation(served);
  const refused = refusedRequests(core, (error) => tellNotAudited(log, error));
  let isStopping = false;
  const app = createServer({
    registryFor: (caller) => registryFor(core, caller),
    accessFor: (caller) => accessAdminFor(core, caller),
    clock: io.clock,
    rotation,
    describe: () => describeRegistry(core),
    position: () => core.state.lastN,
    catchUp: () => core.catchUp(),
    isReady: async () => {
      if (!isStopping) await core.catchUp();
      return !isStopping;
    },
    authenticate: authentication.authenticate,
    refused: refused.add,
    metrics,
    ...(tls && { tls: tls.options }),
    logger: log,
  });
  const metricsApp = settings.metricsListen && createMetricsServer(metrics);
  try {
    const address = await listen(app, settings.listen, '--listen');
    if (metricsApp && settings.metricsListen) {
      const at = await listen(metricsApp, settings.metricsListen, '--metrics-listen');
      log.info(`metrics at http://${showAddress(at)}`);
    }
    const stopped = untilStopped();
    const { server, connections } = app;
    reloadOnHangup({
      server,
      connections,
      files: settings.tls,
      tls,
      log,
      metrics,
      clock: io.clock,
      readKeysAnew: served.readKeysAnew,
    });
    tellExpiry(tls, { log, metrics, now: io.clock() });
    const url = `${tls ? 'https' : 'http'}://${showAddress(address)}`;
    await tellReady(io, log, served, { url, firstToken });
    const { forgetOldKey } = served;
    if (forgetOldKey !== undefined) void changeFromOldKey(rotation, log, forgetOldKey);
    log.info({ signal: await stopped }, 'stopping: what was accepted is answered first');
    isStopping = true;
  } finally {
    await Promise.all([app.close(), metricsApp?.close()]);
    await rotation.settled();
    await Promise.all([authentication.close(), refused.close()]);
  }
  log.info('stopped');
}

function authenticationFor(
  core: Core,
  { certificates, jwt }: ServeSettings,
  log: Log,
  metrics: Metrics,
): Authentication {
  const tellIssuer = (reason: string) => log.warn({ reason }, 'JWTs cannot be verified');
  return startAuthentication({
    credentials: credentialsOf(core),
    random,
    tell: loginLog(log, metrics),
    ...(certificates && { certificates }),
    ...(jwt && { jwt: jwtLogin(jwt, core.clock, tellIssuer) }),
  });
}

async function tellReady(
  io: Io,
  log: Log,
  { core, token }: ServedRegistry,
  { url, firstToken }: { url: string; firstToken: string },
): Promise<void> {
  const { place } = core.store;
  await printLines(io, [`serving ${place} at ${url}`]);
  if (token !== undefined)
    await print(io, `token of User:admin, until it stops: ${token.reveal()}\n`);
  const { state } = core;
  if (state.accessRecords('user').length > 0 || state.accessRecords('token').length > 0) return;
  log.warn(
    { command: firstToken },
    'there is no user yet: the command, run with the master key, makes the first one',
  );
}
