// What `serve` is told by its flags, or by the variables of the environment that each of them names.
import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import { SecretregError } from '../../errors.ts';
import type { JwtSettings } from '../../http/login/jwt.ts';
import type { LogLevel } from '../../http/log.ts';
import {
  parsePrincipalRules,
  type PrincipalRules,
  wholeSubject,
} from '../../http/login/principal-rules.ts';
import type { SharedFlags } from '../settings.ts';
import { type Address, isLoopback, parseAddress, showAddress } from './address.ts';
import type { TlsFiles } from './certificates.ts';

const LOG_LEVELS = [
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'silent',
] as const satisfies readonly LogLevel[];

export interface ServeFlags extends SharedFlags {
  listen: string;
  tlsCert?: string;
  tlsKey?: string;
  tlsClientCa?: string;
  principalMappingRules?: string;
  oidcIssuer?: string;
  oidcAudience?: string[];
  oidcJwksUrl?: string;
  oidcPrincipalClaim: string;
  oidcClockTolerance: string;
  metricsListen?: string;
  logLevel: LogLevel;
  dev?: boolean;
}

export interface ServeSettings {
  listen: Address;
  tls?: TlsFiles;
  /** Where certificates of clients count. */
  certificates?: PrincipalRules;
  jwt?: JwtSettings;
  metricsListen?: Address;
  logLevel: LogLevel;
}

export function serveOptions(command: Command): Command {
  return command
    .addOption(
      option('--listen <host:port>', 'where to listen', 'LISTEN').default('127.0.0.1:8185'),
    )
    .addOption(
      option('--tls-cert <file>', 'the certificate of the server, with those above it', 'TLS_CERT'),
    )
    .addOption(option('--tls-key <file>', 'its private key', 'TLS_KEY'))
    .addOption(
      option(
        '--tls-client-ca <file>',
        'the authority of clients: certificates under it log in',
        'TLS_CLIENT_CA',
      ),
    )
    .addOption(
      option(
        '--principal-mapping-rules <rules>',
        "from a certificate's subject to a user, as Kafka's ssl.principal.mapping.rules",
        'PRINCIPAL_MAPPING_RULES',
      ),
    )
    .addOption(option('--oidc-issuer <url>', 'whose JWTs log in', 'OIDC_ISSUER'))
    .addOption(
      option(
        '--oidc-audience <name>',
        'for whom they have to be; may be given several times',
        'OIDC_AUDIENCE',
      ).argParser((name: string, before: string[] | undefined) => [...(before ?? []), name]),
    )
    .addOption(option('--oidc-jwks-url <url>', 'the public keys of the issuer', 'OIDC_JWKS_URL'))
    .addOption(
      option(
        '--oidc-principal-claim <claim>',
        "the claim with the user's name",
        'OIDC_PRINCIPAL_CLAIM',
      ).default('sub'),
    )
    .addOption(
      option(
        '--oidc-clock-tolerance <seconds>',
        'how far the clocks of issuer and server may be apart',
        'OIDC_CLOCK_TOLERANCE',
      ).default('30'),
    )
    .addOption(
      option(
        '--metrics-listen <host:port>',
        'metrics for Prometheus on a port of their own, for everybody who gets there',
        'METRICS_LISTEN',
      ),
    )
    .addOption(
      option('--log-level <level>', 'what is logged on stderr', 'LOG_LEVEL')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .option(
      '--dev',
      'to try it: on this machine, in memory, with one token that may do everything',
    );
}

function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(`SECRETREG_${variable}`);
}

/** Fails with settings-invalid, wrong-use or tls-missing. */
export function parseServeFlags(flags: ServeFlags, cwd: string): ServeSettings {
  const listen = parseAddress(flags.listen, '--listen');
  const tls = tlsFiles(flags, cwd);
  if (flags.dev) requireDev(flags, listen);
  if (tls === undefined && !flags.insecureHttp && !isLoopback(listen.host))
    throw new SecretregError('tls-missing', { address: showAddress(listen) });
  const certificates = principalRules(flags);
  const jwt = jwtSettings(flags);
  return {
    listen,
    ...(tls && { tls }),
    ...(certificates && { certificates }),
    ...(jwt && { jwt }),
    ...(flags.metricsListen !== undefined && {
      metricsListen: parseAddress(flags.metricsListen, '--metrics-listen'),
    }),
    logLevel: flags.logLevel,
  };
}

function tlsFiles({ tlsCert, tlsKey, tlsClientCa }: ServeFlags, cwd: string): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    const [given, missing] =
      tlsCert !== undefined
        ? ['--tls-cert', '--tls-key']
        : [tlsKey !== undefined ? '--tls-key' : '--tls-client-ca', '--tls-cert'];
    throw new SecretregError('wrong-use', { reason: `${given} needs ${missing} beside it` });
  }
  return {
    certificate: resolve(cwd, tlsCert),
    key: resolve(cwd, tlsKey),
    ...(tlsClientCa !== undefined && { clientAuthority: resolve(cwd, tlsClientCa) }),
  };
}

function requireDev(flags: ServeFlags, listen: Address): void {
  if (!isLoopback(listen.host)) {
    throw new SecretregError('wrong-use', {
      reason: `--dev is for this machine alone, and ${showAddress(listen)} is reached from others`,
    });
  }
  if (flags.registry === undefined) return;
  throw new SecretregError('wrong-use', {
    reason: '--dev keeps its registry in memory, and takes no --registry',
  });
}

function principalRules(flags: ServeFlags): PrincipalRules | undefined {
  const { principalMappingRules: text, tlsClientCa } = flags;
  if (text === undefined) return tlsClientCa === undefined ? undefined : wholeSubject;
  if (tlsClientCa === undefined) {
    throw new SecretregError('wrong-use', {
      reason:
        '--principal-mapping-rules needs --tls-client-ca: without it no client certificate counts',
    });
  }
  const rules = parsePrincipalRules(text);
  if (rules.ok) return rules.value;
  throw new SecretregError(
    'settings-invalid',
    { place: '--principal-mapping-rules', reason: `it ${rules.problem}` },
    { hint: "--principal-mapping-rules 'RULE:^CN=([^,]+),.*$/$1/L,DEFAULT'" },
  );
}

function jwtSettings(flags: ServeFlags): JwtSettings | undefined {
  const { oidcIssuer: issuer, oidcAudience: audiences, oidcJwksUrl: url } = flags;
  if (issuer === undefined && audiences === undefined && url === undefined) return undefined;
  if (issuer === undefined || audiences === undefined || url === undefined) {
    throw new SecretregError('wrong-use', {
      reason: '--oidc-issuer, --oidc-audience and --oidc-jwks-url need each other',
    });
  }
  return {
    issuer,
    audiences,
    jwksUrl: jwksUrl(url),
    principalClaim: flags.oidcPrincipalClaim,
    clockTolerance: tolerance(flags.oidcClockTolerance),
  };
}

/** Whoever can change the keys on their way can be everybody: https, or http on this machine. */
function jwksUrl(text: string): URL {
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')));
  if (url !== null && isSafe && url.username === '' && url.password === '') return url;
  throw new SecretregError('settings-invalid', {
    place: '--oidc-jwks-url',
    reason: 'it should be an https URL, or an http one on this machine',
  });
}

const MOST_TOLERANCE = 300;

function tolerance(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MOST_TOLERANCE) return seconds;
  throw new SecretregError('settings-invalid', {
    place: '--oidc-clock-tolerance',
    reason: `'${text}' is not a number of seconds from 0 to ${MOST_TOLERANCE}`,
  });
}
