import { partSpan } from '../../domain/reference.ts';
import { didYouMean } from '../did-you-mean.ts';
import { isPlainName } from '../plain-name.ts';
import type { Rule } from '../rule.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { quoted } from '../wording.ts';

export const missingPath: Rule = {
  id: 'missing-path',
  severity: 'error',
  sentence: 'Nothing is stored under the path of the reference.',
  each: 'reference',
  check({ existence, providers, place }, reference) {
    const { provider, path, key } = reference;
    if (
      existence === undefined ||
      !providers.isOurs(provider) ||
      existence.keys(path) !== undefined
    )
      return undefined;
    const near = didYouMean(path, existence.paths());
    const meant =
      near === undefined
        ? ''
        : `; did you mean ${quoted(near)}? Then the connector must have that name`;
    return {
      ...place(partSpan(reference, 'path')),
      message: `path ${quoted(path)} does not exist: nothing is stored for this connector${meant}`,
      hint: secretCommand('put', [path, [path, key].every(isPlainName) ? key : 'KEY']),
    };
  },
};
