// What a broker's answer means for whoever asked. Codes: https://kafka.apache.org/protocol#protocol_error_codes.
import { SecretregError } from '../../errors.ts';

/** `heal`: find the leader or coordinator anew, and try again. */
export type Verdict =
  | 'retry'
  | 'heal'
  | 'claim-lost'
  | 'rejected'
  | 'unknown-topic'
  | 'unexplained'
  | 'other';

const VERDICTS: Record<number, Verdict> = {
  // UNKNOWN_SERVER_ERROR: whatever was asked for may have happened.
  [-1]: 'unexplained',
  // Somebody else has claimed the right to write, or the broker has forgotten ours.
  45: 'claim-lost',
  46: 'claim-lost',
  47: 'claim-lost',
  48: 'claim-lost',
  49: 'claim-lost',
  59: 'claim-lost',
  90: 'claim-lost',
  // The transaction before is still being completed.
  51: 'retry',
  // Leaders and coordinators that move, start, or wait for replicas.
  5: 'heal',
  6: 'heal',
  7: 'heal',
  13: 'heal',
  14: 'heal',
  15: 'heal',
  16: 'heal',
  19: 'heal',
  20: 'heal',
  56: 'heal',
  3: 'unknown-topic',
  10: 'rejected',
  17: 'rejected',
  18: 'rejected',
  29: 'rejected',
  31: 'rejected',
  50: 'rejected',
  53: 'rejected',
  55: 'rejected',
  87: 'rejected',
};

/** Broken connections and answers that did not come are healed too. */
export function verdictOf(error: unknown): Verdict {
  const { code, name } = rootOf(error);
  if (typeof code === 'number') return VERDICTS[code] ?? 'other';
  return typeof name === 'string' && HEALED.has(name) ? 'heal' : 'other';
}

/** What the broker answered, where it answered. */
export function codeOf(error: unknown): number | undefined {
  const { code } = rootOf(error);
  return typeof code === 'number' ? code : undefined;
}

const HEALED = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSLockTimeout',
  'NoAnswerInTime',
]);

/** What a person is told. kafkajs's messages hold addresses and names, no credentials. */
function reasonOf(error: unknown): string {
  const { code, type, message } = rootOf(error);
  if (typeof code === 'number' && REASONS[code] !== undefined) return REASONS[code];
  if (typeof code === 'number') return `the broker answered ${type ?? 'an error'} (${code})`;
  return typeof message === 'string' ? lowerFirst(message) : 'it failed without a reason';
}

const REASONS: Record<number, string> = {
  3: 'the topic is not there',
  10: 'the record is larger than max.message.bytes of the topic',
  29: 'this user may not do that with the topic (TOPIC_AUTHORIZATION_FAILED)',
  31: 'this user may not do that in the cluster (CLUSTER_AUTHORIZATION_FAILED)',
  53: 'this user may not use the transactional id (TRANSACTIONAL_ID_AUTHORIZATION_FAILED)',
  55: 'one of the topics is not writable for this user (OPERATION_NOT_ATTEMPTED)',
};

export function unavailable(place: string, error: unknown): SecretregError {
  if (error instanceof SecretregError) return error;
  return new SecretregError(
    'store-unavailable',
    { place, reason: reasonOf(error) },
    { cause: error },
  );
}

/** For answers that kafkajs does not look into. */
export function protocolError(request: string, code: number): Error {
  const error = new Error(`${request} answered ${code}`);
  return Object.assign(error, { name: 'KafkaJSProtocolError', code });
}

interface Root {
  code?: unknown;
  type?: string;
  name?: string;
  message?: string;
}

/** kafkajs wraps what it gave up on. */
function rootOf(error: unknown): Root {
  let root = (error ?? {}) as Root & { cause?: unknown; originalError?: unknown };
  for (let depth = 0; depth < 5 && WRAPPERS.has(root.name ?? ''); depth += 1) {
    const inner = root.originalError ?? root.cause;
    if (typeof inner !== 'object' || inner === null) break;
    root = inner;
  }
  return root;
}

const WRAPPERS = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError', 'Error']);

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
