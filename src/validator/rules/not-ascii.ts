import type { SourceDocument } from '../../documents/document.ts';
import type { Place } from '../../documents/position.ts';
import type { SettingEntry } from '../../documents/shapes.ts';
import type { Rule } from '../rule.ts';
import { quoted } from '../wording.ts';

export const notAscii: Rule = {
  id: 'not-ascii',
  severity: 'warning',
  sentence:
    'A setting of a `.properties` file holds a character beyond ASCII. Kafka reads the bytes of such a file as ISO-8859-1 (`Utils.loadProps`), so that the connector gets two to four other characters for each.',
  mends: 'it writes the character as `\\u` and four digits, which Kafka reads as what was meant.',
  each: 'setting',
  among: ({ connector, document }) =>
    document.format === 'properties'
      ? connector.entries.filter(({ value }) => value !== null && BEYOND.test(value))
      : [],
  check({ document }, entry) {
    const [first] = written(document, entry);
    if (first === undefined) return [];
    return [
      {
        ...document.locate(entry.pointer, first.start, first.end),
        message: `${quoted(entry.key)} holds a character beyond ASCII: Kafka reads a .properties file as ISO-8859-1, and gives the connector others in its place`,
        hint: 'write it as \\u and its four hexadecimal digits, as --fix does',
        fix: {
          what: 'write it as \\u and its digits',
          get edits() {
            const parts = [...written(document, entry)].map(({ start, end }) => ({
              start,
              end,
              text: entry.value.slice(start, end),
            }));
            return document.replace(entry.pointer, parts);
          },
        },
      },
    ];
  },
};

const BEYOND = /[^\0-\x7f]/;

/** Where such characters stand as they are. Those that are written as escapes are read right. */
function* written(document: SourceDocument, { pointer, value }: SettingEntry): Iterable<Place> {
  let run: Place | undefined;
  for (const { 0: unit, index } of value.matchAll(/[^\0-\x7f]/g)) {
    const { start, end } = document.locate(pointer, index, index + 1);
    // The place may have a backslash in front of the character, which stands for nothing.
    if (!document.text.slice(start, end).includes(unit)) continue;
    if (run?.end === index) run.end += 1;
    else {
      if (run !== undefined) yield run;
      run = { start: index, end: index + 1 };
    }
  }
  if (run !== undefined) yield run;
}
