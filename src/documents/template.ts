// Texts that something else completes before they are deployed: Helm and gomplate (`{{ … }}`), Jinja (`{{ … }}`, `{% … %}`).
// Inside of a string such a sign is a placeholder, and the text around it a document all the same.
import type { Place } from './position.ts';

/** Strings on one line, comments, and the signs. An apostrophe inside of a word opens no string. */
const PIECES = /"(?:[^"\\\n]|\\.)*"?|(?<!\w)'[^'\n]*'?|(?<!\S)#[^\n]*|\{[{%#]/g;

const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

/** The first sign that stands in no string. Where it makes a text impossible to read, the text is a template. */
export function templateSign(text: string): Place | undefined {
  for (const piece of text.matchAll(PIECES)) {
    const [sign] = piece;
    const closing = CLOSING[sign];
    if (closing === undefined) continue;
    const start = piece.index;
    return text.includes(closing, start + 2) ? { start, end: start + 2 } : undefined;
  }
  return undefined;
}

/** True for a value of which a template makes a part. */
export function isPlaceholder(text: string): boolean {
  const open = text.indexOf('{{');
  return open !== -1 && text.includes('}}', open);
}
