// What a broker's answer means for whoever asked. Codes: https://kafka.apache.org/protocol#protocol_error_codes.
import { SecretregError } from '../../errors.ts';
import { causesOf, isHalfConnected, rootOf } from './causes.ts';
import { NO_ANSWER } from './deadline.ts';
import { isLasting, type Sentence, sentenceOf, type Situation } from './sentences.ts';

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
  32: 'rejected',
  50: 'rejected',
  53: 'rejected',
  55: 'rejected',
  87: 'rejected',
};

/** Broken connections and answers that did not come are healed too. */
export function verdictOf(error: unknown): Verdict {
  const root = rootOf(error);
  const { code, name, mayPass } = root;
  if (typeof code === 'number') return VERDICTS[code] ?? 'other';
  if (typeof code === 'string' && isLasting(code)) return 'other';
  if (mayPass || isHalfConnected(root)) return 'heal';
  return typeof name === 'string' && HEALED.has(name) ? 'heal' : 'other';
}

/** The error code of the broker, where it answered. */
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
  NO_ANSWER,
]);

/** A failure for which there is more to say than its code, found out by asking. */
export class Explained extends Error {
  override readonly name = 'Explained';
  readonly sentence: Sentence;

  constructor(sentence: Sentence, cause: unknown) {
    super(sentence.reason, { cause });
    this.sentence = sentence;
  }
}

export function isExplained(error: unknown): boolean {
  return causesOf(error).some((one) => one instanceof Explained || one instanceof SecretregError);
}

export function unavailable(place: string, error: unknown, situation: Situation): SecretregError {
  for (const one of causesOf(error)) if (one instanceof SecretregError) return one;
  const explained = causesOf(error).find((one) => one instanceof Explained);
  const { reason, hint } = explained?.sentence ?? sentenceOf(error, situation);
  return new SecretregError(
    'store-unavailable',
    { place, reason },
    { cause: error, ...(hint !== undefined && { hint }) },
  );
}

/** A right is missing. */
export function isDenied(error: unknown): boolean {
  const { code } = rootOf(error);
  return typeof code === 'number' && [29, 31, 53, 55].includes(code);
}

/** True for errors that also come where a listener expects TLS or SASL and gets none, or the other way round. */
export function mayBeWrongListener(error: unknown): boolean {
  const { code, name = '', message = '' } = rootOf(error);
  if (code === 33 || code === 34 || code === 'ECONNRESET' || code === 'EPROTO') return true;
  if (typeof code === 'string' && /WRONG_VERSION|PACKET_LENGTH|RECORD/.test(code)) return true;
  return name === 'KafkaJSConnectionClosedError' || /closed|not supported by/i.test(message);
}

/** For error codes in answers that kafkajs does not look into. */
export function protocolError(request: string, code: number): Error {
  const error = new Error(`${request} answered ${code}`);
  return Object.assign(error, { name: 'KafkaJSProtocolError', code });
}
