// What a person is told when brokers do not do what they were asked: a reason, and a next step. Neither repeats what a
// broker, a token server or kafkajs wrote.
import { linesFor, type Right, transactionalIdOf } from './acls.ts';
import { isHalfConnected, type Root, rootOf } from './causes.ts';
import { isOutOfTime } from './deadline.ts';
import type { Listener } from './listener-probe.ts';
import type { Security, SecurityProtocol } from './security.ts';
import { alterLine, listingLine } from './topic-lines.ts';
import { auditTopicHint, MAX_MESSAGE_BYTES, type Topics } from './topics.ts';

export interface Sentence {
  reason: string;
  hint?: string;
}

/** What this client knows of its own settings. */
export interface Situation {
  /** `host:port`. */
  brokers: readonly string[];
  topics: Topics;
  security: Security;
}

/** What an error means, as far as the error alone tells. */
export function sentenceOf(error: unknown, situation: Situation): Sentence {
  const root = rootOf(error);
  const { code, type, name } = root;
  if (name === 'TokenFault') return tokenSentence(root);
  if (name === 'KafkaJSSASLAuthenticationError') return loginSentence(root, situation);
  if (typeof code === 'number')
    return (
      BY_CODE[code]?.(situation) ?? {
        reason: `the broker answered ${type ?? 'an error'} (${code})`,
      }
    );
  const place = root.broker ?? situation.brokers.join(', ');
  if (typeof code === 'string' && ALERT.test(code)) return refusedCertificate(place);
  if (typeof code === 'string')
    return BY_NAME[code]?.(place, situation) ?? { reason: `${place}: ${code}` };
  if (name === 'KafkaJSConnectionClosedError')
    return { reason: `${place} closed the connection`, hint: 'the log of the broker says why' };
  if (
    name === 'KafkaJSRequestTimeoutError' ||
    isHalfConnected(root) ||
    /timeout/i.test(root.message ?? '')
  )
    return { reason: `${place} did not answer in time` };
  return {
    reason:
      typeof root.message === 'string' ? lowerFirst(root.message) : 'it failed without a reason',
  };
}

/** After all tries. */
export function gaveUpSentence(error: unknown, ms: number, situation: Situation): Sentence {
  const { code } = rootOf(error);
  const seconds = secondsOf(ms);
  const last = sentenceOf(error, situation);
  if (typeof code === 'number') return { ...last, reason: `${last.reason}, for ${seconds} s` };
  const why = isOutOfTime(error) ? 'no answer' : (WORDS[String(code)] ?? last.reason);
  return {
    reason: `no broker answered at ${situation.brokers.join(', ')} for ${seconds} s (${why})`,
    ...(last.hint !== undefined && { hint: last.hint }),
  };
}

/** Of the topic in which brokers keep all transactions: `short` of copies, as when some are down. */
export type StateOfTransactions = 'missing' | 'short' | 'whole';

/** Where brokers do not begin a transaction, or end the one before; undefined where `known` says nothing of the reason. */
export function withoutTransactionsSentence(
  error: unknown,
  ms: number,
  known: StateOfTransactions | undefined,
): Sentence | undefined {
  const isUncoordinated = rootOf(error).code === COORDINATOR_NOT_AVAILABLE;
  const reason = isUncoordinated
    ? `no broker coordinates transactions, after ${secondsOf(ms)} s (COORDINATOR_NOT_AVAILABLE)`
    : `the transaction before cannot be ended, after ${secondsOf(ms)} s (CONCURRENT_TRANSACTIONS)`;
  if (known === 'short') return { reason, hint: DOWN };
  if (!isUncoordinated) return undefined;
  if (known === 'whole') return { reason, hint: 'the log of the brokers says why' };
  return { reason, hint: known === 'missing' ? NOT_MADE : `${DOWN}; on a new cluster ${NOT_MADE}` };
}

const DOWN =
  'start the brokers that are down: too few are left of those that have __transaction_state, which must never be deleted';
const NOT_MADE =
  'with fewer than three brokers, __transaction_state cannot be made by default: set transaction.state.log.replication.factor=1 and ' +
  'transaction.state.log.min.isr=1 in the settings of the broker, and start it anew';

/** What brokers know of the two topics, where one of them was not there after all tries. `replicas`: of the topic of records. */
export interface KnownTopics {
  records: boolean;
  audit: boolean;
  replicas: number;
}

/** Which topic is missing, where one is; an UNKNOWN_TOPIC_OR_PARTITION does not say it. */
export function missingTopicSentence(
  known: KnownTopics,
  ms: number,
  { topics, brokers }: Situation,
): Sentence | undefined {
  const [server = ''] = brokers;
  const isNot = (topic: string) => `topic ${topic} is not there, for ${secondsOf(ms)} s`;
  if (!known.records)
    return {
      reason: isNot(topics.records),
      hint: `${listingLine(server)}    (is its name another one? Where it was deleted: docs/operations.md, "Restore")`,
    };
  if (known.audit) return undefined;
  return {
    reason: isNot(topics.audit),
    hint: auditTopicHint(server, topics.audit, known.replicas),
  };
}

/** Where a listener speaks otherwise than the settings say; undefined where that is not the fault. */
export function listenerSentence(
  address: string,
  { protocol, mechanisms }: Listener,
  { security }: Situation,
): Sentence | undefined {
  const list = mechanisms.length === 0 ? '' : ` with ${mechanisms.join(', ')}`;
  if (protocol !== security.protocol)
    return {
      reason: `${address} speaks ${protocol}${list}, and the security protocol is ${security.protocol}`,
      hint: isWeaker(protocol, security.protocol)
        ? askOperator(address, security.protocol)
        : `kafkastore.security.protocol=${protocol}    (or the port of another listener)`,
    };
  if (security.mechanism === undefined || mechanisms.includes(security.mechanism)) return undefined;
  // In clear, only SCRAM keeps the password to itself.
  const safe = mechanisms.find((name) => protocol === 'SASL_SSL' || name.startsWith('SCRAM'));
  return {
    reason: `${address} does not let anybody log in by ${security.mechanism}; there ${mechanisms.length === 1 ? 'is' : 'are'} ${mechanisms.join(', ')}`,
    hint:
      safe === undefined
        ? askOperator(address, security.mechanism)
        : `kafkastore.sasl.mechanism=${safe}, with its login module in kafkastore.sasl.jaas.config`,
  };
}

/** Somebody who stands between can answer like this: settings that give up TLS or the log-in are never offered for pasting. */
function isWeaker(answered: SecurityProtocol, ours: SecurityProtocol): boolean {
  const gaveUp = (part: RegExp) => part.test(ours) && !part.test(answered);
  return gaveUp(/SSL$/) || gaveUp(/^SASL/);
}

function askOperator(place: string, ours: string): string {
  return `check the address, and ask whoever runs the brokers for the port that speaks ${ours}; if ${place} should, somebody may stand between`;
}

/** Names each right, and gives the line that grants it. */
export function missingRightsSentence(rights: readonly Right[], situation: Situation): Sentence {
  const principal = situation.security.principal ?? 'User:NAME';
  const bootstrapServer = situation.brokers[0] ?? '';
  const missing = rights.map(({ operation, resource, name }) => {
    return `${operation} on ${resource === 'topic' ? 'topic' : 'transactional id'} ${name}`;
  });
  return {
    reason: `${situation.security.principal ?? 'this user'} has no right to ${missing.join(', ')}`,
    hint: linesFor(rights, { principal, bootstrapServer }).join(' && '),
  };
}

const COORDINATOR_NOT_AVAILABLE = 15;

/** With one decimal. */
function secondsOf(ms: number): number {
  return Math.round(ms / 100) / 10;
}

const BY_CODE: Record<number, (situation: Situation) => Sentence> = {
  3: ({ topics }) => ({ reason: `topic ${topics.records} or ${topics.audit} is not there` }),
  10: (situation) => ({
    reason: 'the record is larger than max.message.bytes of the topic',
    hint: largerRecords(situation),
  }),
  18: () => ({ reason: 'the batch is larger than segment.bytes of the topic' }),
  19: ({ topics }) => tooFewReplicas(topics),
  20: ({ topics }) => tooFewReplicas(topics),
  29: () => ({ reason: 'this user may not do that with the topic (TOPIC_AUTHORIZATION_FAILED)' }),
  31: () => ({ reason: 'this user may not do that in the cluster (CLUSTER_AUTHORIZATION_FAILED)' }),
  32: () => ({
    reason:
      "this machine's clock is ahead of the broker's by more than message.timestamp.after.max.ms of the topic, 1 h by default (INVALID_TIMESTAMP)",
    hint: 'timedatectl    (is the clock of this machine right? Where message.timestamp.before.max.ms is set, it may be behind as well)',
  }),
  34: ({ security, brokers }) =>
    // kafkajs takes the broker's objection to a token for a yes; then the next request is refused with this code.
    security.mechanism === 'OAUTHBEARER'
      ? REFUSED_TOKEN
      : { reason: `${brokers[0]} does not let anybody log in` },
  38: () => ({
    reason:
      'there are fewer brokers than the replicas that were asked for (INVALID_REPLICATION_FACTOR)',
    hint: 'kafkastore.topic.replication.factor=1, as long as there is one broker',
  }),
  53: ({ topics }) => ({
    reason: `this user may not use the transactional id ${transactionalIdOf(topics)} (TRANSACTIONAL_ID_AUTHORIZATION_FAILED)`,
  }),
  55: () => ({
    reason: 'one of the topics is not writable for this user (OPERATION_NOT_ATTEMPTED)',
  }),
  87: ({ topics }) => ({
    reason: `the broker does not take the records (INVALID_RECORD), as with compact in cleanup.policy of ${topics.audit}`,
    hint: 'secretreg doctor',
  }),
};

/** As `init` makes the topics. */
function largerRecords({ topics, brokers }: Situation): string {
  const setting = `max.message.bytes=${MAX_MESSAGE_BYTES}`;
  return Object.values(topics)
    .map((topic) => alterLine(brokers[0] ?? '', topic, [setting]))
    .join(' && ');
}

function tooFewReplicas({ records, audit }: Topics): Sentence {
  return {
    reason: `fewer replicas of ${records} or ${audit} are in sync than min.insync.replicas asks for`,
    hint: 'start the brokers that are away',
  };
}

const OUR_CA =
  'kafkastore.ssl.truststore.location=ca.pem    (the certificate of the authority that signed those of the brokers)';

function unknownAuthority(place: string): Sentence {
  return {
    reason: `the certificate of ${place} is of an authority that is not known here`,
    hint: OUR_CA,
  };
}

function refusedCertificate(place: string): Sentence {
  return {
    reason: `${place} asks for a certificate of ours, and did not take what it got`,
    hint: 'kafkastore.ssl.keystore.location=client.pem    (a certificate that the brokers trust, with its key)',
  };
}

function noTls(place: string, { security }: Situation): Sentence {
  return {
    reason: `${place} does not speak TLS`,
    hint: askOperator(place, security.protocol),
  };
}

/** Codes of Node.js and OpenSSL. */
const BY_NAME: Record<string, (place: string, situation: Situation) => Sentence> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  CERT_SIGNATURE_FAILURE: unknownAuthority,
  CERT_HAS_EXPIRED: (place) => ({ reason: `the certificate of ${place} has expired` }),
  CERT_NOT_YET_VALID: (place) => ({
    reason: `the certificate of ${place} is not valid yet`,
    hint: 'is the clock of this machine right?',
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: (place) => ({
    reason: `the certificate of ${place} is for other names, so this may be somebody else`,
    hint: 'name the broker as in the subjectAltName of its certificate, in the address and in its advertised.listeners',
  }),
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ENOTFOUND: (place, { brokers }) => ({
    reason: `the name in ${place} leads to no address`,
    hint: place.split(', ').every((one) => brokers.includes(one))
      ? 'check the name of the broker'
      : 'a broker may tell another name than the one that was given: see its advertised.listeners',
  }),
  ECONNREFUSED: (place) => ({
    reason: `${place}: connection refused`,
    hint: 'do the brokers run, and is this a port of theirs?',
  }),
  ECONNRESET: (place) => ({ reason: `${place}: connection reset` }),
};

/** For the brackets behind "no broker answered". */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to it',
};

/** What the other side says of our certificate. The name differs between versions of OpenSSL. */
const ALERT = /ALERT_(.*CERTIFICATE|UNKNOWN_CA)/;

/** True where trying again does not help. */
export function isLasting(code: string): boolean {
  return ALERT.test(code) || (code in BY_NAME && /CERT|SIGN|SSL|EPROTO/.test(code));
}

function loginSentence({ message = '' }: Root, { security, brokers }: Situation): Sentence {
  if (/not supported by the server/.test(message))
    return { reason: `${brokers[0]} does not let anybody log in by ${security.mechanism}` };
  if (security.mechanism === 'OAUTHBEARER') return REFUSED_TOKEN;
  return {
    reason: `the broker refused the user or the password (${security.mechanism})`,
    hint: 'check username and password in kafkastore.sasl.jaas.config, and that the user is one of this mechanism: kafka-configs --describe --entity-type users shows those of SCRAM',
  };
}

const REFUSED_TOKEN: Sentence = {
  reason: 'the broker refused the token',
  hint: 'the log of the broker says why: issuer, audience, scope and time of the token have to be what it expects',
};

function tokenSentence({ message = '', hint }: Root): Sentence {
  return { reason: message, ...(hint !== undefined && { hint }) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
