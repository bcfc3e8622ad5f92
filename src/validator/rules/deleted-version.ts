import { partSpan } from '../../domain/reference.ts';
import type { Rule } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { secretCommand } from '../../domain/shell-word.ts';

export const deletedVersion: Rule = {
  id: 'deleted-version',
  severity: 'error',
  sentence:
    'The secret was deleted, and no version of it is left to read. It can be restored until it is destroyed.',
  needs: 'existence',
  each: 'reference',
  check({ existence, providers, place }, reference) {
    const { provider, path, key } = reference;
    if (!providers.isOurs(provider)) return undefined;
    const fact = existence?.keys(path)?.get(key);
    if (fact?.state !== 'deleted') return undefined;
    const who = fact.by === undefined ? '' : ` by ${visible(fact.by)}`;
    const when = fact.at === undefined ? '' : ` on ${visible(fact.at)}`;
    return {
      ...place(partSpan(reference, 'key')),
      message: `secret ${visible(path)}:${visible(key)} has no version left to read: version ${fact.version} was deleted${who}${when}`,
      hint: secretCommand('restore', [path, key]),
    };
  },
};
