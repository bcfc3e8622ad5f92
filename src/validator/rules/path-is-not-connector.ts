import { parseKey, parsePath } from '../../domain/names.ts';
import { partSpan, type Reference, referenceText } from '../../domain/reference.ts';
import type { Connector } from '../../documents/shapes.ts';
import { enabledFact } from '../existence.ts';
import { isOwnText, writing } from '../fix.ts';
import { isPlainName } from '../plain-name.ts';
import type { Rule, ValueContext } from '../rule.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { visible } from '../../domain/visible.ts';
import { quoted } from '../wording.ts';

export const pathIsNotConnector: Rule = {
  id: 'path-is-not-connector',
  severity: 'error',
  sentence:
    'A connector may only refer to secrets under its own name: the path of each reference must be the name of the connector. With `--all-providers` this holds for the path of every provider. Where the name of a connector is not known, as in a template or in a URL with a variable, the last line says how many paths were not compared.',
  mends:
    "for the registry's own providers: it writes the name of the connector, unless it is known that nothing is stored there under that key, the file gives two names, or aliases share the text with other connectors.",
  each: 'reference',
  check(context, reference) {
    const { connector, name, providers, allProviders, existence, entry, place } = context;
    const { provider, path, hasPath, key } = reference;
    const isChecked =
      providers.isOurs(provider) || (allProviders && hasPath && providers.isKnown(provider));
    if (!isChecked || name === undefined || path === name) return undefined;
    // Two names are reported by name-mismatch. Which of them is right is not for this rule to say.
    if (namesOf(connector).includes(path)) return undefined;
    const asPath = parsePath(name);
    const shownKey = [path, key].every(isPlainName) ? key : 'KEY';
    const isMissing =
      existence !== undefined &&
      providers.isOurs(provider) &&
      enabledFact(existence, name, key) === undefined;
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
      ...(isCertain(context, reference, isMissing) && {
        fix: writing(name, context, partSpan(reference, 'path')),
      }),
    };
  },
};

function namesOf({ names, nameInUrl }: Connector): string[] {
  const all = names.map(({ text }) => text);
  return nameInUrl === undefined ? all : [...all, nameInUrl];
}

/** True where nothing but the name of the connector can be meant for the path. */
function isCertain(
  context: ValueContext,
  { provider, key }: Reference,
  isMissing: boolean,
): boolean {
  const { connector, name = '', providers } = context;
  if (isMissing || !providers.isOurs(provider) || !isOwnText(context)) return false;
  if (namesOf(connector).some((it) => it !== name)) return false;
  return parsePath(name).ok && parseKey(key).ok && isPlainName(name);
}
