// Texts put into a Terraform file so that Terraform, and behind it Kafka, reads exactly them.
import type { NewPart } from '../document.ts';
import { applyEdits, type Edit, withParts, writeOver } from '../edit.ts';
import type { PiecedText } from '../pieced-text.ts';
import type { Place } from '../position.ts';
import { matchBrackets } from './brackets.ts';
import { type Expression, Expressions } from './expressions.ts';
import { EXPRESSION, readWholeTemplate } from './template.ts';
import { scanTokens } from './tokens.ts';

type Text = Expression & { kind: 'text' };

export function quotedText(text: string): string {
  return `"${escaped(text)}"`;
}

/**
 * Writes each part where it stands. Where the result would be read otherwise, writes the whole text anew, in quotes: in a
 * heredoc, where blanks and line breaks mean something, and where a `$` comes to stand in front of a `{`.
 */
export function replaceParts(file: string, value: Text, parts: readonly NewPart[]): Edit[] {
  const expected = withParts(value.text.text, parts);
  const isHeredoc = file.startsWith('<<', value.start);
  const edits = editsOf(value.text, parts, isHeredoc ? withoutTemplates : escaped);
  if (readText(afterEdits(file, value, edits)) === expected) return edits;
  return [writeOver(value, `"${anew(file, value.text, expected, escaped)}"`)];
}

/** The same of a text without quotes round it, which is all of `file`. */
export function replaceInWhole(file: string, text: PiecedText, parts: readonly NewPart[]): Edit[] {
  const expected = withParts(text.text, parts);
  const edits = editsOf(text, parts, withoutTemplates);
  if (readWholeTemplate(applyEdits(file, edits)).template?.text.text === expected) return edits;
  return [
    writeOver({ start: 0, end: file.length }, marked(anew(file, text, expected, withoutTemplates))),
  ];
}

/** `text` written as a template without quotes round it. */
export function wholeText(text: string): string {
  return marked(withoutTemplates(text));
}

/** Terraform removes a byte order mark in front, so a text that begins with one needs another. */
function marked(text: string): string {
  return text.startsWith(MARK) ? MARK + text : text;
}

const MARK = '\uFEFF';

function editsOf(
  text: PiecedText,
  parts: readonly NewPart[],
  write: (part: string) => string,
): Edit[] {
  return parts.map((part) => writeOver(text.part(part.start, part.end), write(part.text)));
}

function afterEdits(file: string, { start, end }: Place, edits: readonly Edit[]): string {
  const own = edits.map((edit) => ({ ...edit, offset: edit.offset - start }));
  return applyEdits(file.slice(start, end), own);
}

function readText(raw: string): string | undefined {
  const { tokens, fault } = scanTokens(`${raw}\n`);
  const { closing, fault: unmatched } = matchBrackets(tokens, raw);
  if (fault !== undefined || unmatched !== undefined) return undefined;
  const notes = { faults: [], repeated: [] };
  const expressions = new Expressions({ file: `${raw}\n`, tokens, closing }, notes);
  const read = expressions.read(0, expressions.end(0, tokens.length, ''));
  return read.kind === 'text' && read.end === raw.length ? read.text.text : undefined;
}

/** The whole text written anew, with its expressions as they stand in the file. */
function anew(
  file: string,
  text: PiecedText,
  expected: string,
  write: (part: string) => string,
): string {
  const sources: string[] = [];
  for (let at = text.text.indexOf(EXPRESSION); at !== -1; ) {
    const { start, end } = text.part(at, at + EXPRESSION.length);
    sources.push(file.slice(start, end));
    at = text.text.indexOf(EXPRESSION, at + EXPRESSION.length);
  }
  const literals = expected.split(EXPRESSION);
  return literals
    .map((literal, at) => {
      const own = write(literal);
      return at < literals.length - 1 ? beforeExpression(own) + (sources[at] ?? '') : own;
    })
    .join('');
}

/** A `$` in front of an expression would make an escape of it, so the `$` is written as an expression itself. */
function beforeExpression(literal: string): string {
  return literal.replace(/(?<!\$)\$+$/, (signs) => `\${"${signs}"}`);
}

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escaped(text: string): string {
  const plain = text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\\"\u0000-\u001f\u007f]/g,
    (sign) => SIGNS[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return withoutTemplates(plain);
}

/** Doubles the sign in `${` and `%{`: Terraform then takes neither for an expression. */
function withoutTemplates(text: string): string {
  return text.replace(/[$%]\{/g, (opening) => opening.slice(0, 1) + opening);
}
