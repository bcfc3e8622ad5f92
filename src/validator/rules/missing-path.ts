import { partSpan, type Reference } from '../../domain/reference.ts';
import { didYouMean } from '../did-you-mean.ts';
import { enabledFact } from '../existence.ts';
import { isOwnText, writing } from '../fix.ts';
import { onlyMeant } from '../one-edit.ts';
import { isPlainName } from '../plain-name.ts';
import type { Rule, ValueContext } from '../rule.ts';
import type { Place } from '../../documents/position.ts';
import type { Finding, Fix } from '../diagnostic.ts';
import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import { quoted } from '../wording.ts';

export const missingPath: Rule = {
  id: 'missing-path',
  severity: 'error',
  sentence: 'Nothing is stored under the path of the reference.',
  mends:
    'where the path is a slip of one that has the key, and the connector has no name: otherwise the path must be its name, known or not.',
  needs: 'existence',
  each: 'reference',
  check(context, reference) {
    const { existence, providers, place } = context;
    const { provider, path, key } = reference;
    if (
      existence === undefined ||
      !providers.isOurs(provider) ||
      existence.keys(path) !== undefined
    )
      return undefined;
    if (existence.madeFor?.has(path) === false)
      return notKnown(place(partSpan(reference, 'path')), path);
    const near = didYouMean(path, existence.paths());
    const meant =
      near === undefined
        ? ''
        : `; did you mean ${quoted(near)}? Then the connector must have that name`;
    return {
      ...place(partSpan(reference, 'path')),
      message: `path ${quoted(path)} does not exist: nothing is stored for this connector${meant}`,
      hint: secretCommand('put', [path, [path, key].every(isPlainName) ? key : 'KEY']),
      ...fixOf(context, reference),
    };
  },
};

function fixOf(context: ValueContext, reference: Reference): { fix?: Fix } {
  const { existence, name, connector } = context;
  if (existence === undefined || name !== undefined || !isOwnText(context)) return {};
  // A template or a variable stands for the name, which may be the path that is there.
  if (connector.unknown?.name === true) return {};
  const meant = onlyMeant(reference.path, existence.paths());
  if (meant === undefined || enabledFact(existence, meant, reference.key) === undefined) return {};
  return { fix: writing(meant, context, partSpan(reference, 'path')) };
}

/** Reported all the same: a check must not pass for what nobody has looked up. */
function notKnown(place: Place, path: string): Finding {
  return {
    ...place,
    message: `whether path ${quoted(path)} exists is not known: the manifest was made for other paths`,
    hint: secretCommand('manifest', [], [`--path ${shellWord(path)}`]),
  };
}
