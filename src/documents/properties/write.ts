// Text put into the value of a setting, so that Java reads exactly it.
import type { NewPart } from '../document.ts';
import { type Edit, writeOver } from '../edit.ts';
import type { Place } from '../position.ts';
import type { Setting } from './properties.ts';

/** Puts texts in place of parts of the value. */
export function replaceParts(file: string, setting: Setting, parts: readonly NewPart[]): Edit[] {
  return joined(parts).map((part) => replacePart(file, setting, part));
}

export function writeValue(file: string, { key, value }: Setting, text: string): Edit {
  const separator = value.start === key.end ? '=' : '';
  return editOf(file, value, separator + escaped(text));
}

/** Makes one part of parts that touch: how the end of one is written depends on what follows. */
function joined(parts: readonly NewPart[]): NewPart[] {
  const whole: NewPart[] = [];
  for (const part of parts) {
    const before = whole.at(-1);
    if (before?.end !== part.start) whole.push({ ...part });
    else Object.assign(before, { end: part.end, text: before.text + part.text });
  }
  return whole;
}

function replacePart(file: string, { key, value }: Setting, part: NewPart): Edit {
  const { start, end } = value.part(part.start, part.end);
  const separator = value.start === key.end ? '=' : '';
  const edit = editOf(file, { start, end }, separator + escaped(part.text));
  if (part.text !== '' || part.end === value.text.length) return edit;
  // The part is removed. A blank or separator that then begins the value, or a line of it, would be skipped.
  const next = value.part(part.end, part.end + 1);
  const follows = file.slice(next.start, next.end);
  return /^[ \t\f=:]$/.test(follows) ? writeOver({ start, end: next.end }, escaped(follows)) : edit;
}

/**
 * With nothing left between a lone `\r` and a `\n`, both would be one line break, and a line that is continued behind the `\r`
 * would not be. A blank keeps them apart; Java skips it.
 */
function editOf(file: string, { start, end }: Place, text: string): Edit {
  const meets = text === '' && file[start - 1] === '\r' && file[end] === '\n';
  return writeOver({ start, end }, meets ? ' ' : text);
}

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
};

/** A blank, `=` or `:` that begins a text may be taken for what separates the value from its name. */
function escaped(text: string): string {
  const body = text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\\\u0000-\u001f\u007f-\uffff]/g,
    (sign) => SIGNS[sign] ?? `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return /^[ =:]/.test(body) ? `\\${body}` : body;
}
