import { expect } from 'vitest';
import { EXPRESSION } from '../../../src/documents/terraform/template.ts';
import { UNKNOWN } from '../../../src/documents/unknown.ts';

/** Ours may be unknown, and theirs is null where it needs a variable or a function. */
export function expectSame(ours: unknown, theirs: unknown): void {
  if (ours === UNKNOWN || theirs === null) return;
  if (typeof ours === 'string' && ours.includes(EXPRESSION)) return;
  if (typeof ours !== 'object' || ours === null) {
    // Their longest numbers are too long for JavaScript: ours are the text.
    expect(typeof theirs === 'number' ? Number(ours) : ours).toBe(theirs);
    return;
  }
  const members = theirs as Record<string, unknown>;
  if (!Object.hasOwn(ours, UNKNOWN))
    expect(Object.keys(ours).sort()).toEqual(Object.keys(members).sort());
  for (const [name, value] of Object.entries(ours)) expectSame(value, members[name]);
}
