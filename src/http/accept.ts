// Whether the header Accept allows the one form that an answer has (RFC 9110, 12.5.1).
import { SecretregError } from '../errors.ts';

/** What an answer is: JSON, lines of JSON, or text for Prometheus. */
export type AnswerForm = 'json' | 'lines' | 'text';

const FORMS: Record<AnswerForm, { type: string; taken: RegExp }> = {
  json: {
    type: 'application/json',
    taken: /^(?:\*\/\*|application\/(?:\*|json|vnd\.[\w.-]+\+json))$/,
  },
  lines: {
    type: 'application/x-ndjson',
    taken: /^(?:\*\/\*|application\/(?:\*|x-ndjson|json))$/,
  },
  text: { type: 'text/plain', taken: /^(?:\*\/\*|text\/(?:\*|plain))$/ },
};

/** Fails with not-acceptable. A header that cannot be read excludes nothing. */
export function refuseUnacceptable(header: string | undefined, form: AnswerForm): void {
  if (header === undefined || header.trim() === '') return;
  const { type: own, taken } = FORMS[form];
  const ranges = header.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return { type, isRefused: parameters.some((one) => /^q=0(?:\.0*)?$/.test(one)) };
  });
  if (ranges.some(({ type, isRefused }) => taken.test(type) && !isRefused)) return;
  throw new SecretregError('not-acceptable', { type: own });
}
