// Times on the command line: `7d` from now, a day, or a time of RFC 3339.
import { parseTime, timeOf } from '../domain/time.ts';
import { SecretregError } from '../errors.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time that has passed: `7d` is seven days ago. Fails with wrong-use. */
export function pastOption(option: string, text: string, now: Date): string {
  return timeOption(option, text, now.getTime(), -1);
}

/** A time to come: `7d` is in seven days. Fails with wrong-use. */
export function futureOption(option: string, text: string, now: Date): string {
  return timeOption(option, text, now.getTime(), 1);
}

/** Milliseconds. Fails with wrong-use. */
export function durationOption(option: string, text: string): number {
  const [, length, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  const duration = Number(length) * DURATIONS[unit as keyof typeof DURATIONS];
  if (duration > 0) return duration;
  throw new SecretregError('wrong-use', {
    reason: `${option} '${text}' is no duration; right would be 500ms, 2s or 5m`,
  });
}

const DURATIONS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A time of RFC 3339; a day alone is its beginning in UTC. */
export function dayOrTime(text: string): string | undefined {
  return parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
}

function timeOption(option: string, text: string, now: number, direction: 1 | -1): string {
  const [, length, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const distance = Number(length) * UNITS[unit as keyof typeof UNITS];
  const time = length === undefined ? dayOrTime(text) : timeOf(now + direction * distance);
  if (time !== undefined) return time;
  const example = direction === 1 ? '2099-12-31T00:00:00Z' : '2026-11-01T00:00:00Z';
  throw new SecretregError('wrong-use', {
    reason: `${option} '${text}' is no time; right would be ${example} or 7d`,
  });
}
