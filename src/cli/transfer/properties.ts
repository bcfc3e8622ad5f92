// The keys of one path as a file of java.util.Properties.
import { parseSettings } from '../../documents/properties/properties.ts';
import { propertiesText } from '../properties-text.ts';
import type { Entry, Refuse, SecretTable } from './entry.ts';

/** Fails as `refuse` says. */
export function entriesOfProperties(text: string, refuse: Refuse): Entry[] {
  const { settings, problems } = parseSettings(text);
  const [first] = problems;
  if (first !== undefined) throw refuse(first.text, first.start, first.hint);
  return settings.map(({ key, value }) => {
    // Java takes a line of a PEM or JAAS text for a name where the line before does not end with '\'. It is not shown.
    if (!/[=:]/.test(text.slice(key.end, value.start)))
      throw refuse(
        "this line has no '=' or ':' behind a name",
        key.start,
        "a value of several lines has '\\' at the end of each but the last, or '\\n' for each line break",
      );
    return { path: undefined, key: key.text, value: value.text, at: key.start };
  });
}

export function propertiesOf(table: SecretTable): string {
  return propertiesText(Array.from(table.values(), (keys) => Array.from(keys)).flat());
}
