// Who read which secret and when, by the audit trail.
import type { ReadEvent } from './audit-event.ts';
import type { VersionInfo } from './registry.ts';

export interface Reading {
  count: number;
  /** The last time, RFC 3339, and by whom. */
  last: string;
  by: string;
}

/** Given the events of a trail, oldest first; which begins at that time. */
export class Reads {
  /** RFC 3339; undefined where there is no trail. */
  readonly begin: string | undefined;
  readonly #readings = new Map<string, Reading>();

  constructor(begin: string | undefined) {
    this.begin = begin;
  }

  /** What was refused is no use. */
  take({ time, subject, data: { methodName, result, authenticationInfo } }: ReadEvent): void {
    if (methodName !== 'secret.Read' || result.status !== 'ok') return;
    const [place, path, key] =
      /\/secret=([^/]+)\/key=([^/]+)(?:\/version=\d+)?$/.exec(subject) ?? [];
    if (place === undefined) return;
    const { principal: by } = authenticationInfo;
    for (const name of new Set([place, `/secret=${path}/key=${key}`])) {
      const before = this.#readings.get(name);
      const count = (before?.count ?? 0) + 1;
      const isLast = before === undefined || before.last <= time;
      this.#readings.set(name, isLast ? { count, last: time, by } : { ...before, count });
    }
  }

  of({
    path,
    key,
    version,
  }: Pick<VersionInfo, 'path' | 'key'> & { version?: number }): Reading | undefined {
    const name = `/secret=${encodeURIComponent(path)}/key=${encodeURIComponent(key)}`;
    return this.#readings.get(version === undefined ? name : `${name}/version=${version}`);
  }

  /** The time before which nobody knows who read what was made then; undefined where the trail goes back so far. */
  unknownBefore(createdAt: string): string | undefined {
    return this.begin === undefined || this.begin <= createdAt ? undefined : this.begin;
  }
}
