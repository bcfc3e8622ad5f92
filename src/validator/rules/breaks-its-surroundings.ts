import { partSpan } from '../../domain/reference.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { OBSTACLES, SURROUNDINGS } from '../../domain/surroundings.ts';
import { visible } from '../../domain/visible.ts';
import type { Rule } from '../rule.ts';
import { surroundingsOf } from '../surroundings.ts';

export const breaksItsSurroundings: Rule = {
  id: 'breaks-its-surroundings',
  severity: 'error',
  sentence:
    'The stored value cannot live where the reference sits: a worker puts it there as it is, and a quote in it ends a JAAS option, an `@` the log-in of a URL. Checked with `--check-values`, and by `resolve` before it puts values in: the registry is then asked whether the value fits, with the right to read it and a line in the audit trail, and tells no more than the first thing that does not. White space round the value of a whole setting is a warning.',
  needs: 'values',
  each: 'reference',
  check({ fits, entry, references, place }, reference) {
    if (fits === undefined) return undefined;
    const { path, key } = reference;
    const surroundings = surroundingsOf(entry.key, entry.value, references, reference);
    if (surroundings === undefined) return undefined;
    const obstacle = fits(reference, surroundings);
    if (obstacle === undefined) return undefined;
    const name = `secret ${visible(path)}:${visible(key)}`;
    const { words } = OBSTACLES[obstacle];
    const { where, right } = SURROUNDINGS[surroundings];
    const put = secretCommand('put', [path, key]);
    if (surroundings === 'setting')
      return {
        ...place(partSpan(reference, 'key')),
        severity: 'warning',
        message: `${name} has ${words}: Kafka takes it away from settings that it knows, and hands it on in others`,
        hint: `${put}    (the value without it)`,
      };
    return {
      ...place(partSpan(reference, 'key')),
      message: `${name} cannot stand ${where}: its value holds ${words}`,
      hint: `${put}    (another value${right === undefined ? '' : `, or this one ${right}`})`,
    };
  },
};
