// Times on the command line: RFC 3339, or so long from now.
import { SecretregError } from '../errors.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `7d` is seven days ago. */
export function timeBefore(flag: string, text: string, now: Date): string {
  return time(flag, text, now, -1);
}

/** `7d` is in seven days. */
export function timeAfter(flag: string, text: string, now: Date): string {
  return time(flag, text, now, 1);
}

function time(flag: string, text: string, now: Date, direction: 1 | -1): string {
  const relative = /^(\d{1,6})([mhd])$/.exec(text);
  if (relative !== null) {
    const length = Number(relative[1]) * UNITS[relative[2] as keyof typeof UNITS];
    return new Date(now.getTime() + direction * length).toISOString();
  }
  const given = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(given)) return new Date(given).toISOString();
  throw new SecretregError('wrong-use', {
    reason: `${flag} '${text}' is no time; right would be 2026-11-01T00:00:00Z or 7d`,
  });
}
