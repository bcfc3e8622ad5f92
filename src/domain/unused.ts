// Which secrets nobody has read for a while, by the audit trail.
import type { ReadEvent } from './audit-event.ts';
import type { SecretKey, SecretPath } from './names.ts';
import type { KeyInfo } from './registry.ts';

export interface Unused {
  path: SecretPath;
  key: SecretKey;
  createdAt: string;
  /** The last time before, as far as the trail goes back. */
  lastRead: string | undefined;
}

/** When each secret was read last, and where the trail that tells of it begins. */
export class Reads {
  readonly #last = new Map<string, string>();
  #begin: string | undefined;

  /** RFC 3339. */
  get begin(): string | undefined {
    return this.#begin;
  }

  /** Given the events of a trail, oldest first. What was refused is no use. */
  take({ time, subject, data: { methodName, result } }: ReadEvent): void {
    this.#begin ??= time;
    if (methodName !== 'secret.Read' || result.status !== 'ok') return;
    const [, path, key] = /\/secret=([^/]+)\/key=([^/]+)(?:\/|$)/.exec(subject) ?? [];
    if (path === undefined || key === undefined) return;
    const name = `${path}/${key}`;
    const before = this.#last.get(name);
    if (before === undefined || before < time) this.#last.set(name, time);
  }

  /** Keys that were there at that time and were not read since. */
  unusedSince(time: string, keys: readonly KeyInfo[]): Unused[] {
    return keys.flatMap(({ path, key, versions }) => {
      const createdAt = versions[0]?.createdAt ?? '';
      const lastRead = this.#last.get(`${encodeURIComponent(path)}/${encodeURIComponent(key)}`);
      const isUsed = lastRead !== undefined && lastRead >= time;
      return createdAt < time && !isUsed ? [{ path, key, createdAt, lastRead }] : [];
    });
  }
}
