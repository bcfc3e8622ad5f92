// A worker's sentence about a configuration, fit for a report. Connectors quote what they were given, whole, in pieces and
// out of other settings, so that a password of the file may stand in any of them. No word of it is shown that stands in
// a value of the configuration too, unless the worker's own documentation of its settings has that word.
import { visible } from '../../domain/visible.ts';
import { isPlainReference } from '../plain-name.ts';
import { type Asked, isUnique } from './dummies.ts';
import type { Definition } from './verdict.ts';

export interface ShownText {
  text: string;
  /** Whether it quotes a dummy: then it is about that, and not about the file. */
  namesDummy: boolean;
}

/** Makes the texts about one configuration; `setting` is the one that a text is about. */
export function textsAbout(
  asked: Asked,
  definitions: readonly Definition[],
): (text: string, setting?: string) => ShownText {
  const hidden = hiddenTexts(asked, definitions);
  return (text, setting) => {
    const beginning = withoutValue(text).slice(0, LONGEST_READ);
    const [parts, namesDummy] = aroundDummies(beginning, asked, setting);
    const own = setting === undefined ? undefined : asked.config[setting];
    const shown = parts
      .map((part) => (part.isReference ? part.text : masked(part.text, own, hidden)))
      .join('')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/\.$/, '');
    return { text: visible(cut(shown)), namesDummy };
  };
}

/** Kafka's ConfigException begins with the value and a name of the setting, which may be the one that a client has for it. */
function withoutValue(text: string): string {
  return text
    .replace(/^(?:[\w.$]+(?:Exception|Error): )+/, '')
    .replace(/^Invalid value [^]* for configuration ([^\s:]+)(?:: )?/, '');
}

interface Part {
  text: string;
  isReference: boolean;
}

function aroundDummies(text: string, { dummies }: Asked, setting?: string): [Part[], boolean] {
  let parts: Part[] = [{ text, isReference: false }];
  for (const dummy of dummies) {
    if (!isUnique(dummy) && dummy.setting !== setting) continue;
    const reference = isPlainReference(dummy.written) ? dummy.written : 'a reference';
    const found = isUnique(dummy) ? dummy.text : wholeWord(dummy.text);
    parts = parts.flatMap((part) =>
      part.isReference ? [part] : between(part.text.split(found), reference),
    );
  }
  return [parts, parts.some(({ isReference }) => isReference)];
}

function between(texts: readonly string[], reference: string): Part[] {
  return texts.flatMap((text, at) => [
    ...(at === 0 ? [] : [{ text: reference, isReference: true }]),
    { text, isReference: false },
  ]);
}

const MASK = '***';

function masked(text: string, own: string | null | object | undefined, hidden: Hidden): string {
  let shown = text;
  if (typeof own === 'string' && own !== '') shown = shown.replace(wholeWord(own), MASK);
  for (const value of hidden.whole) shown = shown.replace(new RegExp(literal(value), 'giu'), MASK);
  const hideIn = (pattern: RegExp, inner: (part: string) => string) => (part: string) =>
    part.replace(pattern, (it) => (hidden.isHidden(it) ? MASK : inner(it)));
  return hideIn(
    TOKENS,
    hideIn(WORDS, (word) => word),
  )(shown);
}

/** What stands between blanks, quotes and brackets, and the words in it. */
const TOKENS = /[^\s"'`([{}\])]*[^\s"'`([{}\]).,;:]/gu;
const WORDS = /[\p{L}\p{N}\p{M}]+/gu;

function wholeWord(text: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal(text)}(?![\\p{L}\\p{N}])`, 'gu');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

interface Hidden {
  /** Values that are masked wherever they stand. */
  whole: readonly string[];
  isHidden(part: string): boolean;
}

/** Shorter words stand in every text, and are not hidden. */
const SHORTEST_WORD = 3;
/** Values of this length stand in no text by chance, and are hidden wherever they stand. */
const SHORTEST_WHOLE = 6;

function hiddenTexts({ config }: Asked, definitions: readonly Definition[]): Hidden {
  const types = new Map(definitions.map(({ name, type }) => [name, type]));
  const isDocumented = documentedWords([
    ...Object.keys(config),
    ...PUBLIC.map((setting) => config[setting]).filter((value) => typeof value === 'string'),
    ...definitions.flatMap((one) => [one.name, one.documentation, one.defaultValue ?? '']),
  ]);
  const values: Value[] = [];
  const passwords: Value[] = [];
  for (const [setting, value] of Object.entries(config)) {
    if (typeof value !== 'string' || isPublic(setting, types.get(setting))) continue;
    const text = value.toLowerCase();
    const joined = (text.match(WORDS) ?? []).join('');
    (types.get(setting) === 'PASSWORD' ? passwords : values).push({ written: value, text, joined });
  }
  const isIn = (part: string, all: readonly Value[]) =>
    all.some(
      ({ text, joined }) =>
        text.includes(part) || (part.length >= SHORTEST_WHOLE && joined.includes(part)),
    );
  const isHidden = (part: string) => {
    const lower = part.toLowerCase();
    if (lower.length < SHORTEST_WORD) return false;
    return isIn(lower, passwords) || (isIn(lower, values) && !isDocumented(lower));
  };
  const whole = [...passwords, ...values.filter(({ text }) => !isDocumented(text))]
    .map(({ written }) => written)
    .filter(({ length }) => length >= SHORTEST_WHOLE)
    .sort((a, b) => b.length - a.length);
  return { whole, isHidden };
}

interface Value {
  written: string;
  /** In lower case. */
  text: string;
  /** Its words, one behind the other: some connectors leave out quotes and the like before they quote a value. */
  joined: string;
}

/** True for a text whose words all stand in names, or in what the worker tells everybody of its settings. */
function documentedWords(texts: readonly string[]): (text: string) => boolean {
  const documented = new Set(texts.flatMap((text) => text.toLowerCase().match(WORDS) ?? []));
  return (text) => {
    const words = text.match(WORDS) ?? [];
    return (
      words.length > 0 &&
      words.every((word) => word.length >= SHORTEST_WORD && documented.has(word))
    );
  };
}

const PUBLIC: readonly string[] = ['name', 'connector.class'];

/** True for a setting whose value is a name and no secret. */
function isPublic(setting: string, type: string | undefined): boolean {
  return type === 'CLASS' || type === 'BOOLEAN' || PUBLIC.includes(setting);
}

/** How much of a message of a worker is read, and how much is shown. */
const LONGEST_READ = 2000;
const LONGEST = 300;

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
