// A `.properties` file as java.util.Properties reads it: the lines by `dot-properties`, the text of each by the rules of
// Properties.load. Kafka reads the bytes as ISO-8859-1, we as UTF-8: a character beyond ASCII is several for Kafka. That is
// so in the connector's name and in the path of a reference alike, so names that are equal here are equal there. What is
// written back has such a character as `\u`, which both read alike. For values see the rule not-ascii. Never throws.
import { Comment, Pair, parseLines } from 'dot-properties';
import type { SourceComment, SourceDocument, SourceText } from '../document.ts';
import { found, pointerSegment } from '../json-pointer.ts';
import type { PiecedText } from '../pieced-text.ts';
import { type Place, placeOf } from '../position.ts';
import type { Problem } from '../problem.ts';
import { decodeEscapes } from './escapes.ts';
import { plainLines } from './plain-lines.ts';
import { isSettingName } from './setting-name.ts';
import { replaceParts, writeValue } from './write.ts';

/** One setting: where its name and its value stand, both without what separates them. */
export interface Setting {
  key: PiecedText;
  value: PiecedText;
}

export function parseProperties(text: string): SourceDocument {
  const { settings, comments, badEscapes, startsWithSetting } = linesOf(text);
  let index: ReadonlyMap<string, Setting> | undefined;
  const setting = (pointer: string) => {
    index ??= new Map(settings.map((it) => [`/${pointerSegment(it.key.text)}`, it]));
    return found(index, pointer);
  };
  return {
    format: 'properties',
    text,
    roots: [{ pointer: '', value: valueOf(settings) }],
    problems: [
      ...faultsOf(text, badEscapes, startsWithSetting),
      ...repeatedNames(settings),
    ].toSorted((a, b) => a.start - b.start),
    comments,
    locate(pointer, start, end) {
      if (pointer === '') return wholeOf(settings);
      const { value } = setting(pointer);
      return start === undefined || end === undefined ? placeOf(value) : value.part(start, end);
    },
    locateName: (pointer) => placeOf(setting(pointer).key),
    replace: (pointer, parts) => replaceParts(text, setting(pointer), parts),
    write: (pointer, replacement) => writeValue(text, setting(pointer), replacement),
    texts: () => textsOf(settings, comments),
  };
}

/** All settings in order, repeated ones too, and the faults for which Java refuses the whole file. */
export function parseSettings(text: string): {
  settings: readonly Setting[];
  problems: readonly Problem[];
} {
  const { settings, badEscapes, startsWithSetting } = linesOf(text);
  return { settings, problems: faultsOf(text, badEscapes, startsWithSetting) };
}

function faultsOf(
  text: string,
  badEscapes: readonly Place[],
  startsWithSetting: boolean,
): Problem[] {
  return [
    ...(startsWithSetting && text.startsWith('\uFEFF') ? [MARK_IN_FRONT] : []),
    ...badEscapes.map(badEscape),
  ];
}

interface Lines {
  settings: Setting[];
  comments: SourceComment[];
  badEscapes: readonly Place[];
  startsWithSetting: boolean;
}

function linesOf(text: string): Lines {
  const plain = plainLines(text);
  const lines = parseLines(plain, true);
  const settings: Setting[] = [];
  const comments: SourceComment[] = [];
  const badEscapes: Place[] = [];
  const decode = (start: number, end: number) => {
    const decoded = decodeEscapes(plain, { start, end });
    for (const place of decoded.badEscapes) badEscapes.push(place);
    return decoded.text;
  };
  // A backslash at the very end stands for nothing; the parser's ranges then lead one unit too far.
  const inside = (offset: number) => (offset > plain.length ? plain.length - 1 : offset);
  for (const line of lines) {
    const [start = 0, keyEnd = start, valueStart = keyEnd, end = valueStart] = line.range;
    if (line instanceof Comment)
      comments.push({ start, end: keyEnd, text: text.slice(start + 1, keyEnd) });
    if (!(line instanceof Pair)) continue;
    settings.push({
      key: decode(start, inside(keyEnd)),
      value: decode(inside(valueStart), inside(end)),
    });
  }
  return { settings, comments, badEscapes, startsWithSetting: lines[0] instanceof Pair };
}

/** Without a prototype, so that a setting may have any name. Of repeated ones the last counts. */
function valueOf(settings: readonly Setting[]): Record<string, string> {
  const value = Object.create(null) as Record<string, string>;
  for (const { key, value: own } of settings) value[key.text] = own.text;
  return value;
}

const MARK_IN_FRONT: Problem = {
  kind: 'parse-error',
  start: 1,
  end: 2,
  text: 'a byte order mark stands in front of the first setting: Java takes it for a part of its name',
  hint: 'save the file as UTF-8 without byte order mark',
};

function badEscape({ start, end }: Place): Problem {
  return {
    kind: 'parse-error',
    start,
    end,
    text: "'\\u' is not followed by four hexadecimal digits: Java refuses the whole file",
    hint: 'write \\\\u for a backslash and a u',
  };
}

function repeatedNames(settings: readonly Setting[]): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, number>();
  for (const setting of settings) {
    const { text, start, end } = setting.key;
    const earlier = first.get(text);
    if (earlier === undefined) first.set(text, start);
    else if (!mayBeValue(setting))
      problems.push({
        kind: 'duplicate-key',
        start,
        end,
        text: `${JSON.stringify(text)} stands in this file already`,
        earlier,
      });
  }
  return problems;
}

/** True for a setting that may be a further line of the value in front of it. */
function mayBeValue({ key, value }: Setting): boolean {
  return value.start === key.end || !isSettingName(key.text, value.text);
}

function textsOf(settings: readonly Setting[], comments: readonly SourceComment[]): SourceText[] {
  const texts: SourceText[] = comments.map(({ start, end }) => ({ start: start + 1, end }));
  for (const setting of settings) {
    const { key, value } = setting;
    if (mayBeValue(setting)) texts.push(placeOf(key));
    texts.push({
      ...placeOf(value),
      decoded: { value: value.text, offset: (decoded) => value.offset(decoded) },
    });
  }
  return texts.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
}

function wholeOf(settings: readonly Setting[]): Place {
  return { start: settings[0]?.key.start ?? 0, end: settings.at(-1)?.value.end ?? 0 };
}
