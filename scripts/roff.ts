// Texts as roff of man(7), for groff's man and for mandoc. A hyphen is the character that a shell reads, so that what is
// copied from a page works.

const CHARACTERS: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

export function words(text: string): string {
  return text.replace(/[\\\-'`^~"]|[^\x20-\x7e]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return CHARACTERS[character] ?? `\\[u${point.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

export function bold(text: string): string {
  return `\\fB${words(text)}\\fR`;
}

/** `-o, --output <format>`: what is typed as it stands, and what stands for something else. */
export function flags(term: string): string {
  return term
    .split(/(<[^>]*>|[\s,|[\].]+)/)
    .map((part) => {
      if (/^<.*>$/.test(part)) return `\\fI${words(part.slice(1, -1))}\\fR`;
      return part.startsWith('-') ? bold(part) : words(part);
    })
    .join('');
}

export function section(name: string, ...parts: readonly string[]): string {
  const text = parts.join('');
  return text === '' ? '' : `.SH ${words(name)}\n${begun(text)}`;
}

/** A part of a section. */
export function subsection(name: string, ...parts: readonly string[]): string {
  return `.SS ${words(name)}\n${begun(parts.join(''))}`;
}

/** A heading begins a paragraph of its own. */
function begun(roff: string): string {
  return roff.replace(/^\.PP\n/, '');
}

/** `term` is roff already. */
export function tagged(term: string, text: string): string {
  return `.TP\n${line(term)}\n${line(words(text))}\n`;
}

export function filled(text: string): string {
  return `.PP\n${line(words(text.replace(/\s*\n\s*/g, ' ').trim()))}\n`;
}

/** A dot or an apostrophe at its beginning would make it a request. */
function line(roff: string): string {
  return /^[.']/.test(roff) ? `\\&${roff}` : roff;
}

/** The text behind a help: paragraphs, examples, and lists of a term and what it means. */
export function helpText(text: string): string {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => paragraphOf(paragraph.replace(/^\n+|\s+$/g, '')))
    .join('');
}

function paragraphOf(text: string): string {
  const lines = text.split('\n');
  const [first = ''] = lines;
  if (/^For example: {2}/.test(first)) return examples(lines);
  if (!lines.some((one) => ITEM.test(one))) return filled(text);
  return listed(lines);
}

function examples(lines: readonly string[]): string {
  const commands = lines.map((one) => one.replace(/^For example: {2}/, '').trim());
  return `.PP\nFor example:\n.PP\n.EX\n${commands.map((one) => `${line(words(one))}\n`).join('')}.EE\n`;
}

/** A term, two blanks or more, and what it means, which may go on in lines that are further in. */
const ITEM = /^( {2}|For )(\S.*?) {2,}(\S.*)$/;

function listed(lines: readonly string[]): string {
  const blocks: { term?: string; text: string }[] = [];
  for (const one of lines) {
    const [, begin, term, text] = ITEM.exec(one) ?? [];
    const last = blocks.at(-1);
    if (term !== undefined && text !== undefined)
      blocks.push({ term: `${begin?.trim() ?? ''} ${term}`.trim(), text });
    else if (last === undefined || (last.term !== undefined && !/^ {3}/.test(one)))
      blocks.push({ text: one.trim() });
    else last.text += ` ${one.trim()}`;
  }
  return blocks
    .map(({ term, text }) => (term === undefined ? filled(text) : tagged(words(term), text)))
    .join('');
}
