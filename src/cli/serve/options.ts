// The flags of `serve`. One that has a value can also be set in the environment: `--tls-cert` is SECRETREG_TLS_CERT there.
import { type Command, Option } from 'commander';
import type { LogLevel } from '../../http/log.ts';
import { severalTimes } from '../arguments.ts';
import type { Io } from '../io.ts';
import type { SharedFlags } from '../settings.ts';

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

const LOG_LEVELS = [
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'silent',
] as const satisfies readonly LogLevel[];

const OPTIONS: readonly (readonly [flags: string, text: string, shape?: (it: Option) => Option])[] =
  [
    ['--listen <host:port>', 'where to listen', (it) => it.default('127.0.0.1:8185')],
    ['--tls-cert <file>', 'the certificate of the server, with those above it'],
    ['--tls-key <file>', 'its private key'],
    ['--tls-client-ca <file>', 'the authority of clients: certificates under it log in'],
    ['--insecure-http', 'no TLS on an address that others reach: what is in front of it has TLS'],
    [
      '--principal-mapping-rules <rules>',
      "from a certificate's subject to a user, as Kafka's ssl.principal.mapping.rules",
    ],
    ['--oidc-issuer <url>', 'whose JWTs log in'],
    [
      '--oidc-audience <name>',
      'for whom they have to be; may be given several times',
      (it) => it.argParser(severalTimes),
    ],
    ['--oidc-jwks-url <url>', 'the public keys of the issuer'],
    ['--oidc-principal-claim <claim>', "the claim with the user's name", (it) => it.default('sub')],
    [
      '--oidc-clock-tolerance <seconds>',
      'how far the clocks of issuer and server may be apart',
      (it) => it.default('30'),
    ],
    [
      '--metrics-listen <host:port>',
      'metrics for Prometheus on a port of their own, for everybody who gets there',
    ],
    [
      '--log-level <level>',
      'what is logged on stderr',
      (it) => it.choices(LOG_LEVELS).default('info'),
    ],
    ['--dev', 'to try it: on this machine, in memory, with one token that may do everything'],
  ];

export function serveOptions(command: Command, env: Io['env']): Command {
  for (const [flags, text, shape = (it: Option) => it] of OPTIONS)
    command.addOption(shape(inEnvironment(new Option(flags, text), env)));
  return command;
}

/** A variable that is empty counts as one that is not there. */
function inEnvironment(option: Option, env: Io['env']): Option {
  const variable = `SECRETREG_${option.name().replaceAll('-', '_').toUpperCase()}`;
  return option.isBoolean() || env[variable] === '' ? option : option.env(variable);
}
