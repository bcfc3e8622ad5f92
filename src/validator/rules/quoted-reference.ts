import type { Format } from '../../documents/document.ts';
import type { Fix } from '../diagnostic.ts';
import { isPlainReference } from '../plain-name.ts';
import type { Rule, ValueContext } from '../rule.ts';
import { settingKindOf } from '../secrets/connector-credentials.ts';
import { quoted } from '../wording.ts';

export const quotedReference: Rule = {
  id: 'quoted-reference',
  severity: 'error',
  sentence:
    'The whole value stands in quotation marks that nothing takes away: the connector gets them with the secret. A `.properties` file has no quotes at all, and typographic ones such as `“…”` are letters like any other in every format. Straight ones in a setting that is no credential may be meant, such as a name of Snowflake: they are a warning in a `.properties` file, and left alone elsewhere, as are quotes inside of a text.',
  mends: 'it takes both marks away, but not where they may be meant.',
  each: 'reference',
  check(context, reference) {
    const { document, entry, place } = context;
    // As in nearly every value. Else it is looked at once, however many references there are in it.
    if (reference.start === 0 || reference !== context.references[0]) return undefined;
    if (!hasKnown(context)) return undefined;
    const marks = marksAround(entry.value);
    if (marks === undefined) return undefined;
    const [open, close] = marks;
    const mark = entry.value.charAt(open);
    const { kind } = settingKindOf(context.connector, entry.key);
    // What reads a list of properties may take the marks off.
    const isOfCredential = kind !== undefined && kind !== 'properties';
    const isWrong = isOfCredential || !STRAIGHT.has(mark);
    // `"CamelCase"` is a name of Snowflake, and `'…'` a text of SQL; what a .properties file does to quotes is told all the same.
    if (!isWrong && document.format !== 'properties') return undefined;
    const inside = entry.value.slice(open + 1, close);
    const isShown = isPlainReference(inside);
    return {
      ...place({ start: open, end: isShown ? close + 1 : open + 1 }),
      message: `the quotation marks are a part of the value of ${quoted(entry.key)}, and the connector gets them with the secret: ${reason(mark, document.format)}`,
      hint: isShown ? inside : 'the same value without the two marks',
      isName: true,
      ...(isWrong ? { fix: withoutMarks(context, marks) } : { severity: 'warning' }),
    };
  },
};

/** They mean something to some systems. */
const STRAIGHT: ReadonlySet<string> = new Set(['"', "'", '`']);

function withoutMarks({ document, entry }: ValueContext, marks: readonly number[]): Fix {
  return {
    what: 'take the quotation marks away',
    get edits() {
      const parts = marks.map((at) => ({ start: at, end: at + 1, text: '' }));
      return document.replace(entry.pointer, parts);
    },
  };
}

function reason(mark: string, format: Format): string {
  if (mark !== '"' && mark !== "'") return `${quoted(mark)} is a letter like any other`;
  return format === 'properties' ? 'a .properties file has no quotes' : 'none are needed here';
}

function hasKnown({ references, providers }: ValueContext): boolean {
  return references.some(({ provider }) => providers.isKnown(provider));
}

/** What closes each mark. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['’', '’'],
  ['‚', '‘'],
  ['«', '»'],
  ['»', '«'],
]);

/** Where the two marks stand that are round the whole value, and nowhere in it. Connect takes the white space round them away. */
function marksAround(value: string): [open: number, close: number] | undefined {
  const open = value.search(/\S/);
  const close = value.trimEnd().length - 1;
  const opening = value[open] ?? '';
  const closing = MARKS.get(opening);
  if (closing === undefined || close <= open || value[close] !== closing) return undefined;
  const isLast = (mark: string) => [-1, close].includes(value.indexOf(mark, open + 1));
  return isLast(opening) && isLast(closing) ? [open, close] : undefined;
}
