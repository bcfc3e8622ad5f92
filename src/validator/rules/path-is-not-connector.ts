import { parsePath } from '../../domain/names.ts';
import { partSpan, referenceText } from '../../domain/reference.ts';
import { isPlainName } from '../plain-name.ts';
import type { Rule } from '../rule.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import { quoted } from '../wording.ts';

export const pathIsNotConnector: Rule = {
  id: 'path-is-not-connector',
  severity: 'error',
  sentence:
    'A connector may only refer to secrets under its own name: the path of each reference must be the name of the connector. With `--all-providers` this holds for the path of every provider.',
  each: 'reference',
  check({ connector, name, providers, allProviders, existence, entry, place }, reference) {
    const { provider, path, hasPath, key } = reference;
    const isChecked =
      providers.isOurs(provider) || (allProviders && hasPath && providers.isKnown(provider));
    if (!isChecked || name === undefined || path === name) return undefined;
    // Two names are told by name-mismatch; which of them is right is not for this rule to say.
    if (connector.names.some(({ text }) => text === path)) return undefined;
    const asPath = parsePath(name);
    const shownKey = [path, key].every(isPlainName) ? key : 'KEY';
    const isMissing =
      existence !== undefined &&
      providers.isOurs(provider) &&
      existence.keys(name)?.get(key)?.state !== 'enabled';
    const toStore = isMissing
      ? `    (not there yet: ${secretCommand('put', [name, shownKey])})`
      : '';
    const why = `${quoted(entry.key)} refers to ${isPlainName(path) ? `path ${quoted(path)}` : 'another path'}`;
    return {
      ...place(partSpan(reference, 'path')),
      message: asPath.ok
        ? `connector ${quoted(name)} may only refer to secrets under its own name: ${why}`
        : `connector ${quoted(name)} may only refer to secrets under its own name, which cannot be a path (it ${asPath.problem}): ${why}`,
      hint: asPath.ok
        ? `${visible(referenceText(provider, name, shownKey))}${toStore}`
        : 'give the connector another name',
    };
  },
};
