import { partSpan } from '../../domain/reference.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import { enabledFact } from '../existence.ts';
import type { Rule } from '../rule.ts';

export const expiredSecret: Rule = {
  id: 'expired-secret',
  severity: 'warning',
  sentence:
    'The secret has expired: by its metadata, or by the certificate or JWT that was found in its value when it was written.',
  needs: 'existence',
  each: 'reference',
  check({ existence, providers, now, place }, reference) {
    const { provider, path, key } = reference;
    if (now === undefined || !providers.isOurs(provider)) return undefined;
    const expiresAt = enabledFact(existence, path, key)?.expiresAt;
    if (expiresAt === undefined || expiresAt > now) return undefined;
    return {
      ...place(partSpan(reference, 'key')),
      message: `secret ${visible(path)}:${visible(key)} expired on ${visible(expiresAt)}`,
      hint: secretCommand('put', [path, key]),
    };
  },
};
