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
  if (!lines.some((one) => one.startsWith('  ') || ITEM.test(one))) return filled(text);
  return blocksOf(lines).map(roffOf).join('');
}

function examples(lines: readonly string[]): string {
  const commands = lines.map((one) => one.replace(/^For example: {2}/, '').trim());
  return filled('For example:') + code(commands);
}

function code(lines: readonly string[]): string {
  return `.PP\n.EX\n${lines.map((one) => `${line(words(one))}\n`).join('')}.EE\n`;
}

/** A term, two blanks or more, and what it means, which may go on in lines that are further in. */
const ITEM = /^( {2}|For )(\S.*?) {2,}(\S.*)$/;

/** What stands in lines that are indented: items, commands four blanks in, and what says something of them. */
interface Block {
  kind: 'text' | 'item' | 'code';
  term: string;
  lines: string[];
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (const one of lines) {
    const last = blocks.at(-1);
    const [, begin = '', term, text] = ITEM.exec(one) ?? [];
    const indent = one.length - one.trimStart().length;
    const kind = indent >= 4 ? 'code' : 'text';
    if (term !== undefined && text !== undefined)
      blocks.push({ kind: 'item', term: begin.trimStart() + term, lines: [text] });
    else if (last !== undefined && (last.kind === 'item' ? indent > 2 : goesOn(last, kind, indent)))
      last.lines.push(one.trim());
    else blocks.push({ kind, term: '', lines: [one.trim()] });
  }
  return blocks;
}

/** Each indented line that says something is one of its own. */
function goesOn(last: Block, kind: Block['kind'], indent: number): boolean {
  return last.kind === kind && (kind === 'code' || indent === 0);
}

function roffOf({ kind, term, lines }: Block): string {
  if (kind === 'code') return code(lines);
  return kind === 'item' ? tagged(words(term), lines.join(' ')) : filled(lines.join(' '));
}
