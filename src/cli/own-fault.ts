// An error that nobody foresaw, as a fault of secretreg itself. Its message is never shown: it could quote the value of a secret.
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';

/** `file`: the one that was looked at, whose name tells whoever reports it what to send. */
export function ownFault(error: unknown, file?: string): SecretregError<'ours'> {
  const place = file === undefined ? '' : ` while it looked at '${file}'`;
  const reason = `${kindOf(error)}${place}; SECRETREG_DEBUG=1 shows where`;
  return new SecretregError('ours', { reason }, { cause: error });
}

/** Where in the program it came from, a line each. */
export function framesOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines
    .filter((line) => line.startsWith('    at '))
    .map((line) => `${visible(line)}\n`)
    .join('');
}

/** Only what surely holds no value of a secret. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something was thrown that is no error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}`;
}
