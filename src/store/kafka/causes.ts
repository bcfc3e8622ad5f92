// The error that came first: kafkajs wraps the error on which it gave up, and so do we.

export interface Root {
  /** A number is the answer of a broker, a text comes from the system or from TLS. */
  code?: unknown;
  type?: string;
  name?: string;
  message?: string;
  /** `host:port`. */
  broker?: string;
  /** The topic that could not be made. */
  topic?: string;
  /** The hint of a TokenFault. */
  hint?: string;
  mayPass?: boolean;
}

const WRAPPERS = new Set([
  'Explained',
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSNonRetriableError',
  'KafkaJSAggregateError',
  'Error',
]);

export function rootOf(error: unknown): Root {
  for (const one of causesOf(error)) if (!WRAPPERS.has(one.name ?? '')) return one;
  return causesOf(error).at(-1) ?? {};
}

/**
 * kafkajs's `lookupRequest` before the broker has told its versions (src/broker/index.js). Where a port takes the connection and
 * the first question gets no answer, kafkajs holds that broker for connected from then on, and never asks again.
 */
export function isHalfConnected({ code, message }: Root): boolean {
  return code === undefined && message === 'Broker not connected';
}

/** From the outside in. */
export function causesOf(error: unknown): Root[] {
  const causes: Root[] = [];
  let next: unknown = error;
  while (typeof next === 'object' && next !== null && causes.length < 8) {
    causes.push(next);
    const { originalError, cause, errors } = next as Record<string, unknown>;
    next = originalError ?? cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return causes;
}
