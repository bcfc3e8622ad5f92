import { timeAfter } from '../../domain/due.ts';
import { partSpan } from '../../domain/reference.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import { type EnabledFact, enabledFact } from '../existence.ts';
import type { Rule } from '../rule.ts';

/** As far as `secretreg report` looks ahead. */
const DAYS_BEFORE_THE_END = 14;

export const rotationDue: Rule = {
  id: 'rotation-due',
  severity: 'warning',
  sentence: `It is time for a new version of the secret: what was noted as its \`rotate-every\` has passed, or it expires within ${DAYS_BEFORE_THE_END} days.`,
  needs: 'existence',
  each: 'reference',
  check({ existence, providers, now, place }, reference) {
    const { provider, path, key } = reference;
    if (now === undefined || !providers.isOurs(provider)) return undefined;
    const fact = enabledFact(existence, path, key);
    const due = fact && dueText(fact, now);
    if (due === undefined) return undefined;
    return {
      ...place(partSpan(reference, 'key')),
      message: `secret ${visible(path)}:${visible(key)} ${due}`,
      hint: secretCommand('put', [path, key]),
    };
  },
};

/** What comes first. A secret that has expired is found by expired-secret, which stands in front of this rule. */
function dueText({ version, expiresAt, rotationAt }: EnabledFact, now: string): string | undefined {
  if (rotationAt !== undefined && rotationAt <= now)
    return `was due for a new version on ${visible(rotationAt)}, and version ${version} is still the latest`;
  const soon = timeAfter(now, DAYS_BEFORE_THE_END) ?? now;
  if (expiresAt === undefined || expiresAt > soon) return undefined;
  return `expires on ${visible(expiresAt)}: a new version should be there before`;
}
