// The names of `kafkastore.*` settings: Confluent's own and those of Kafka's clients. For one that does nothing here there is a
// note, since whoever set it hoped that it does.
import { distance } from 'fastest-levenshtein';

export const PREFIX = 'kafkastore.';

/** Without the prefix. */
const USED = [
  'bootstrap.servers',
  'topic',
  'topic.replication.factor',
  'timeout.ms',
  'init.timeout.ms',
  'client.id',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.login.connect.timeout.ms',
  'sasl.login.read.timeout.ms',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.header.urlencode',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'ssl.truststore.location',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.truststore.password',
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.keystore.password',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
] as const;

export type SettingName = (typeof USED)[number];

/** Settings of Kafka's clients that have a meaning there and none here, with the reason. */
const UNUSED: readonly (readonly [RegExp, string])[] = [
  [/^sasl\.kerberos\./, 'Kerberos is not supported'],
  [
    /^ssl\.(protocol|enabled\.protocols|cipher\.suites)$/,
    "Node.js's own choice is used, TLS 1.2 or newer",
  ],
  [
    /^ssl\.(provider|engine\.factory\.class|keymanager\.algorithm|trustmanager\.algorithm|secure\.random\.implementation)$/,
    'it is about Java',
  ],
  [
    /^sasl\.(login|client\.callback\.handler)\.(class|refresh\..*|retry\..*)$/,
    'log-ins are made and renewed by secretreg itself',
  ],
  [/^sasl\.client\.callback\.handler\.class$/, 'it is about Java'],
  [
    /^(group\.id|write\.max\.retries|checkpoint\..*|topic\.skip\.validation|write\.retry\.backoff\.ms)$/,
    'nothing here needs it',
  ],
  [
    /^(acks|retries|retry\.backoff(\.max)?\.ms|reconnect\.backoff(\.max)?\.ms|request\.timeout\.ms|metadata\.max\.age\.ms|connections\.max\.idle\.ms|socket\.connection\.setup\.timeout(\.max)?\.ms|client\.dns\.lookup|max\.block\.ms|(send|receive)\.buffer\.bytes|compression\.type|linger\.ms|batch\.size|max\.request\.size|enable\.idempotence|delivery\.timeout\.ms|transactional\.id|transaction\.timeout\.ms|isolation\.level|auto\.offset\.reset|fetch\..*|max\.poll\..*|session\.timeout\.ms|heartbeat\.interval\.ms|client\.rack|interceptor\.classes|metric.*|key\..*serializer|value\..*serializer)$/,
    'secretreg has its own way of reading and writing',
  ],
];

/** JAAS texts, passwords and keys. An unknown name counts as a credential's where it looks like one. */
export function isCredential(name: string): boolean {
  return /jaas|password|secret|token$|(^|\.)key$/i.test(name);
}

/** Settings that say as whom to log in, to the brokers or to a token server, and where. */
export function isLogin(name: string): boolean {
  return name.startsWith('sasl.') || isClientKey(name);
}

/** A client's certificate and key, and what opens them. */
export function isClientKey(name: string): boolean {
  return name.startsWith('ssl.key');
}

export function isUsed(name: string): name is SettingName {
  return (USED as readonly string[]).includes(name);
}

/** The full names of all settings that are used here. */
export const SETTINGS: readonly string[] = USED.map((name) => `${PREFIX}${name}`);

/** A slip is up to two letters away. More would refuse settings of Kafka's clients that only look alike. */
const SLIP = 2;

/** Which name of `among` an unknown name was meant to be; undefined where it is known, or none is near enough. */
export function slipOf(name: string, among: readonly string[]): string | undefined {
  return among.includes(name) ? undefined : nearest(name, among, SLIP);
}

/**
 * The same for the full name of a setting. One that Kafka's clients know, and secretreg does not use, is not taken for a slip.
 */
export function slipOfSetting(name: string): string | undefined {
  return isUnknown(name) ? slipOf(name, SETTINGS) : undefined;
}

/** True for the full name of a setting that is unknown, not for one that is known and only not used. */
export function isUnknown(name: string): boolean {
  const own = name.slice(PREFIX.length);
  return !isUsed(own) && !UNUSED.some(([pattern]) => pattern.test(own));
}

/** A sentence on a name that does nothing here; undefined where it does. */
export function noteOn(name: string): string | undefined {
  if (isUsed(name)) return undefined;
  const unused = UNUSED.find(([pattern]) => pattern.test(name));
  if (unused !== undefined) return `${PREFIX}${name} is not used: ${unused[1]}`;
  const meant = nearest(name, USED, Math.floor(name.length / 3));
  return `${PREFIX}${name} is not a setting that is known here, and is not used${meant === undefined ? '' : `; did you mean ${PREFIX}${meant}?`}`;
}

/** The nearest name that is at most so many letters away. */
function nearest(name: string, among: readonly string[], most: number): string | undefined {
  return among
    .filter((candidate) => Math.abs(candidate.length - name.length) <= most)
    .map((candidate) => ({ candidate, apart: distance(name.toLowerCase(), candidate) }))
    .filter(({ apart }) => apart <= most)
    .toSorted((a, b) => a.apart - b.apart)[0]?.candidate;
}
