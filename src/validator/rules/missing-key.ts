import { partSpan, referenceText } from '../../domain/reference.ts';
import { didYouMean } from '../did-you-mean.ts';
import { writing } from '../fix.ts';
import { onlyMeant } from '../one-edit.ts';
import { isPlainName } from '../plain-name.ts';
import type { Rule } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { quoted } from '../wording.ts';

export const missingKey: Rule = {
  id: 'missing-key',
  severity: 'error',
  sentence: 'The path exists, and has no secret of that key.',
  mends: 'where the key is a slip of one key of that path: one edit, and no other number.',
  needs: 'existence',
  each: 'reference',
  check(context, reference) {
    const { existence, providers, place } = context;
    const { provider, path, key } = reference;
    if (!providers.isOurs(provider)) return undefined;
    const keys = existence?.keys(path);
    if (keys === undefined || keys.has(key)) return undefined;
    const readable = [...keys].filter(([, fact]) => fact.state === 'enabled').map(([name]) => name);
    const near = didYouMean(key, readable);
    const isShown = [path, key].every(isPlainName);
    const what = `path ${quoted(path)} has no ${isShown ? `key ${quoted(key)}` : 'such key'}`;
    return {
      ...place(partSpan(reference, 'key')),
      message: near === undefined ? what : `${what}: did you mean ${quoted(near)}?`,
      hint:
        near === undefined
          ? secretCommand('put', [path, isShown ? key : 'KEY'])
          : visible(referenceText(provider, path, near)),
      ...(near !== undefined &&
        onlyMeant(key, readable) === near && {
          fix: writing(near, context, partSpan(reference, 'key')),
        }),
    };
  },
};
