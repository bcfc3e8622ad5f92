// What the flags of `serve` mean, and which of them fit together.
import { resolve } from 'node:path';
import { shellWord } from '../../domain/shell-word.ts';
import { SecretregError } from '../../errors.ts';
import type { JwtSettings } from '../../http/login/jwt.ts';
import type { LogLevel } from '../../http/log.ts';
import {
  parsePrincipalRules,
  type PrincipalRules,
  wholeSubject,
} from '../../http/login/principal-rules.ts';
import {
  type Address,
  anotherPort,
  isLoopback,
  isSamePlace,
  parseAddress,
  showAddress,
} from './address.ts';
import type { TlsFiles } from './certificates.ts';
import type { ServeFlags } from './options.ts';

export interface ServeSettings {
  listen: Address;
  tls?: TlsFiles;
  /** Where certificates of clients count. */
  certificates?: PrincipalRules;
  jwt?: JwtSettings;
  metricsListen?: Address;
  logLevel: LogLevel;
}

/** Fails with settings-invalid, wrong-use or tls-missing. */
export function parseServeFlags(flags: ServeFlags, cwd: string): ServeSettings {
  const listen = parseAddress(flags.listen, '--listen');
  const tls = tlsFiles(flags, cwd);
  if (flags.dev) requireDev(flags, listen);
  if (tls === undefined && !flags.insecureHttp && !isLoopback(listen.host))
    throw new SecretregError('tls-missing', { address: showAddress(listen) });
  const metricsListen = metricsAddress(flags, listen);
  const certificates = principalRules(flags);
  const jwt = jwtSettings(flags);
  return {
    listen,
    ...(tls && { tls }),
    ...(certificates && { certificates }),
    ...(jwt && { jwt }),
    ...(metricsListen && { metricsListen }),
    logLevel: flags.logLevel,
  };
}

function metricsAddress({ metricsListen }: ServeFlags, listen: Address): Address | undefined {
  if (metricsListen === undefined) return undefined;
  const address = parseAddress(metricsListen, '--metrics-listen');
  if (!isSamePlace(listen, address)) return address;
  throw new SecretregError(
    'wrong-use',
    { reason: `--metrics-listen needs a port of its own: --listen has ${showAddress(listen)}` },
    { hint: `--metrics-listen ${shellWord(showAddress(anotherPort(address)))}` },
  );
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

/** Whoever can change the public keys on their way can log in as anybody: so https, or http on this machine. */
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
