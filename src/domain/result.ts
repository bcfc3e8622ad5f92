/** What a parser or a check returns where failing is one of the expected outcomes. */
export type Result<T, P> = { ok: true; value: T } | { ok: false; problem: P };

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function refused<P>(problem: P): { ok: false; problem: P } {
  return { ok: false, problem };
}
