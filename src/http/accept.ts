// Whether the sender takes the one form that an answer has (RFC 9110, 12.5.1).
import { SecretregError } from '../errors.ts';

const JSON_TYPES = /^(?:\*\/\*|application\/(?:\*|json|vnd\.[\w.-]+\+json))$/;
const LINE_TYPES = /^(?:\*\/\*|application\/(?:\*|x-ndjson|json))$/;

/** Fails with not-acceptable. A header that cannot be read excludes nothing. */
export function refuseUnacceptable(header: string | undefined, form: 'json' | 'lines'): void {
  if (header === undefined || header.trim() === '') return;
  const types = form === 'json' ? JSON_TYPES : LINE_TYPES;
  const ranges = header.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return { type, isRefused: parameters.some((one) => /^q=0(?:\.0*)?$/.test(one)) };
  });
  if (ranges.some(({ type, isRefused }) => types.test(type) && !isRefused)) return;
  throw new SecretregError('not-acceptable', {
    type: form === 'json' ? 'application/json' : 'application/x-ndjson',
  });
}
