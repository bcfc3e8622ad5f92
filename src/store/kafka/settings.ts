// Makes the options of the store from an address and the settings of the original, `kafkastore.*`. What the address says comes
// first: it is nearer to the person.
import { isLoopback } from '../../domain/loopback.ts';
import { rootCertificates } from 'node:tls';
import { SecretregError } from '../../errors.ts';
import { parseAddress } from './address.ts';
import { ClientSettings, invalid } from './client-settings.ts';
import type { KafkaStoreOptions } from './kafka-store.ts';
import { type Login, loginOf } from './sasl.ts';
import { PROTOCOLS, type Security, type SecurityProtocol } from './security.ts';
import { isUsed, noteOn, PREFIX, slipOfSetting } from './setting-names.ts';
import { type TlsOptions, tlsOptions } from './tls.ts';

/** Ours: a file of a Confluent worker must never make us write into a live registry of theirs. */
const DEFAULT_TOPIC = '_secretreg';

/** A claim, with what it may have to settle, needs at least this. */
const LEAST_TIMEOUT_MS = 1000;

/** `kafkastore`: by full name. Fails with settings-invalid. */
export function kafkaStoreOptions(
  address: string,
  kafkastore: ReadonlyMap<string, string>,
): { options: KafkaStoreOptions; notes: readonly string[] } {
  const { brokers, topic, settings: near } = parseAddress(address);
  const far = [...kafkastore].map(([name, value]) => [name.slice(PREFIX.length), value] as const);
  const settings = new ClientSettings(new Map([...far, ...near]));
  for (const name of settings.names()) {
    refuseSlip(name);
    const note = noteOn(name);
    if (note !== undefined) settings.note(note);
  }
  const protocol = protocolOf(settings);
  const tls = protocol.endsWith('SSL') ? tlsOptions(settings) : undefined;
  const login = protocol.startsWith('SASL') ? loginOf(settings, authoritiesFor(tls)) : undefined;
  if (login === undefined) noteUnusedLogin(settings, protocol);
  else if (protocol === 'SASL_PLAINTEXT') noteLoginInClear(settings, login, brokers);
  const timeoutMs = settings.number('timeout.ms', LEAST_TIMEOUT_MS);
  const openTimeoutMs = settings.number('init.timeout.ms', LEAST_TIMEOUT_MS);
  const replicationFactor = settings.number('topic.replication.factor', 1);
  const options: KafkaStoreOptions = {
    brokers,
    topic: topic ?? settings.get('topic') ?? DEFAULT_TOPIC,
    security: securityOf(protocol, tls, login),
    client: clientOf(settings, tls, login),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(openTimeoutMs !== undefined && { openTimeoutMs }),
    ...(replicationFactor !== undefined && { replicationFactor }),
  };
  return { options, notes: settings.notes };
}

/** If a slip were ignored, another topic or no TLS would take the place of what was meant. */
function refuseSlip(name: string): void {
  const meant = slipOfSetting(`${PREFIX}${name}`);
  if (meant === undefined) return;
  throw new SecretregError('settings-invalid', {
    place: `${PREFIX}${name}`,
    reason: `it is not a setting that is known here, and nothing else is taken in its place; did you mean ${meant}?`,
  });
}

function securityOf(
  protocol: SecurityProtocol,
  tls: TlsOptions | undefined,
  login: Login | undefined,
): Security {
  const name = login?.user ?? tls?.subject;
  return {
    protocol,
    ...(login && { mechanism: login.mechanism }),
    ...(name !== undefined && login?.mechanism !== 'OAUTHBEARER' && { principal: `User:${name}` }),
  };
}

function clientOf(
  settings: ClientSettings,
  ssl: TlsOptions | undefined,
  login: Login | undefined,
): NonNullable<KafkaStoreOptions['client']> {
  const clientId = settings.get('client.id');
  return {
    ...(clientId !== undefined && { clientId }),
    ...(ssl && { ssl: ssl.options }),
    ...(login && { sasl: login.options }),
  };
}

/** A token server may be known to the world, or to the authority of the brokers only. */
function authoritiesFor(tls: TlsOptions | undefined): string[] | undefined {
  if (tls?.options.ca === undefined) return undefined;
  return [...rootCertificates, ...tls.options.ca];
}

/** `security.protocol`, or what stands in front of the servers, as in `SASL_SSL://broker:9093`. */
function protocolOf(settings: ClientSettings): SecurityProtocol {
  const inFront = new Set(
    (settings.get('bootstrap.servers') ?? '')
      .split(',')
      .flatMap((server) => /^\s*([A-Za-z_]+):\/\//.exec(server)?.[1]?.toUpperCase() ?? []),
  );
  const [first, second] = inFront;
  if (second !== undefined)
    throw invalid(
      'bootstrap.servers',
      `there are ${first} and ${second} in front of its servers; one is right`,
    );
  const given = settings.get('security.protocol')?.toUpperCase() ?? first ?? inClear(settings);
  const protocol = PROTOCOLS.find((one) => one === given);
  if (protocol === undefined)
    throw invalid(
      'security.protocol',
      `there are ${PROTOCOLS.join(', ')}, and ${first === given ? 'what stands in front of kafkastore.bootstrap.servers' : 'this'} is none of them`,
    );
  if (first !== undefined && first !== given)
    throw invalid(
      'security.protocol',
      `it is ${protocol}, and in front of kafkastore.bootstrap.servers stands ${PROTOCOLS.find((one) => one === first) ?? 'another one'}`,
    );
  return protocol;
}

/** Kafka's default. Whoever sets something for TLS, or for a log-in, would not expect it. */
function inClear(settings: ClientSettings): SecurityProtocol {
  const used = [...settings.names()].filter(isUsed);
  const ofTls = used.find((one) => one.startsWith('ssl.'));
  const ofLogin = used.find((one) => one.startsWith('sasl.') && settings.get(one) !== undefined);
  const name = ofTls ?? ofLogin;
  if (name === undefined) return 'PLAINTEXT';
  throw invalid(
    'security.protocol',
    `it is missing, and without it nothing is encrypted${ofTls === undefined ? ' and nobody logs in' : ''}, while kafkastore.${name} asks for ${ofTls === undefined ? 'a log-in' : 'TLS'}`,
    ofLogin === undefined
      ? 'kafkastore.security.protocol=SSL    (SASL_SSL with a log-in)'
      : 'kafkastore.security.protocol=SASL_SSL',
  );
}

/** SCRAM proves that the password is known, and does not send it (RFC 5802). */
function noteLoginInClear(
  settings: ClientSettings,
  { mechanism }: Login,
  brokers: readonly string[],
): void {
  if (mechanism.startsWith('SCRAM') || brokers.every(isOnLoopback)) return;
  const what = mechanism === 'PLAIN' ? 'the password' : 'the token';
  settings.note(
    `kafkastore.security.protocol is SASL_PLAINTEXT: ${what} goes to the brokers in clear, for everybody on the way to read; with TLS it is SASL_SSL`,
  );
}

function isOnLoopback(broker: string): boolean {
  return isLoopback({ hostname: broker.replace(/:\d+$/, '') });
}

function noteUnusedLogin(settings: ClientSettings, protocol: SecurityProtocol): void {
  if (
    settings.get('sasl.jaas.config') === undefined &&
    settings.get('sasl.mechanism') === undefined
  )
    return;
  settings.note(
    `kafkastore.sasl.* is not used, since the security protocol is ${protocol}; with a log-in it is kafkastore.security.protocol=SASL_SSL`,
  );
}
