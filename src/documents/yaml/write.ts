// Puts new text into a scalar so that comments, style and layout stay. Where the style cannot hold the text, the whole
// value is written in quotes. The library decides whether it can: it is given the scalar alone to read.
import { isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from 'yaml';
import type { NewPart } from '../document.ts';
import { applyEdits, type Edit, withParts, writeOver } from '../edit.ts';
import { type Inside, isBlock, nodePlace, parentIndent, scalarPlace } from './scalars.ts';
import { schema } from './schema.ts';

/** What surrounds a scalar as far as it matters for what it may hold. */
export interface Surroundings {
  text: string;
  inFlow: boolean;
}

/** `inside` is that of `node`. */
export function replaceParts(
  around: Surroundings,
  node: Scalar,
  inside: Inside,
  parts: readonly NewPart[],
): Edit[] {
  const edits = parts.map((part) => minimalEdit(around.text, node, inside, part));
  if (parts.every((part) => isNameInside(part, inside))) return edits;
  const value = withParts(inside.value, parts);
  const { start, end } = wholeScalar(node);
  const before = around.text.slice(start, end);
  const raw = applyEdits(
    before,
    edits.map((edit) => ({ ...edit, offset: edit.offset - start })),
  );
  const isHeld =
    node.type === Scalar.QUOTE_DOUBLE ||
    parts.every(
      (part) => !NEEDS_ESCAPE.test(isBlock(node) ? part.text.replaceAll('\n', '') : part.text),
    );
  // A block that loses its last line break would take in the next line.
  const endsAsBefore = raw.endsWith('\n') === before.endsWith('\n');
  return isHeld && endsAsBefore && readsAs(raw, value, node, around.inFlow)
    ? edits
    : [writeOverScalar(around.text, node, quotedText(value, node.type))];
}

/** A name beside other text can stand in every style. For each of a thousand names, the library would read the whole value. */
function isNameInside({ start, end, text }: NewPart, { value }: Inside): boolean {
  const isBeside = /\S/.test(value[start - 1] ?? ' ') && /\S/.test(value[end] ?? ' ');
  return isBeside && /^\w[\w.-]*$/.test(text);
}

/** Puts a string in place of any value and of its tag: `!!int 3`, `!vault |`. */
export function writeValue({ text, inFlow }: Surroundings, node: Node, value: string): Edit {
  if (!isScalar(node)) {
    const { start, end } = nodePlace(text, node);
    // A list may stand in the column of its name, a string may not.
    const blank = (isMap(node) || isSeq(node)) && node.flow !== true ? ' ' : '';
    return writeOver({ start, end }, blank + quotedText(value));
  }
  const mayBePlain = (node.type === Scalar.PLAIN || isBlock(node)) && !NEEDS_ESCAPE.test(value);
  const written =
    mayBePlain && readsAs(value, value, PLAIN, inFlow) ? value : quotedText(value, node.type);
  const edit = writeOverScalar(text, node, written);
  const tag = node.tag === undefined ? undefined : tagInFront(text, edit.offset);
  if (tag !== undefined) {
    return {
      offset: tag.start,
      length: edit.offset + edit.length - tag.start,
      text: tag.anchor + edit.text,
    };
  }
  return edit.length === 0 ? apart(text, edit) : edit;
}

/** A text that is put where nothing was must not touch what stands round it. */
function apart(text: string, { offset, text: put }: Edit): Edit {
  const front = /\S/.test(text[offset - 1] ?? ' ') ? ' ' : '';
  const behind = text[offset] === '#' ? ' ' : '';
  return { offset, length: 0, text: front + put + behind };
}

/** Gives a name that stands alone its value. */
export function addValue(text: string, key: Node, value: string): Edit {
  return { offset: nodePlace(text, key).end, length: 0, text: `: ${quotedText(value)}` };
}

const PLAIN = new Scalar('');
PLAIN.type = Scalar.PLAIN;

function minimalEdit(text: string, node: Scalar, inside: Inside, part: NewPart): Edit {
  return writeOver(inside.part(part.start, part.end), written(text, node, part.text));
}

function written(text: string, node: Scalar, part: string): string {
  if (node.type === Scalar.QUOTE_DOUBLE) return escaped(part);
  if (node.type === Scalar.QUOTE_SINGLE) return part.replaceAll("'", "''");
  if (!isBlock(node) || !part.includes('\n')) return part;
  const { start } = scalarPlace(text, node);
  const body = text.indexOf('\n', start);
  const lineBreak = text[body - 1] === '\r' ? '\r\n' : '\n';
  const indent = /^ */.exec(text.slice(body + 1, body + 1001))?.[0] ?? '';
  return part.replaceAll('\n', lineBreak + indent);
}

/** True where the library reads `value` from the scalar `raw` in surroundings like those of `node`. */
function readsAs(raw: string, value: string, node: Scalar, inFlow: boolean): boolean {
  const indent = ' '.repeat(Math.max(0, isBlock(node) ? parentIndent(node) : 0));
  const document = parseDocument(inFlow ? `{k: ${raw}\n}` : `${indent}k: ${raw}\n`, {
    schema,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const map: unknown = document.contents;
  if (document.errors.length > 0 || !isMap(map) || map.items.length !== 1) return false;
  const read = map.items[0]?.value;
  return isScalar(read) && read.value === value;
}

/** Writes over the whole scalar. The remark behind the header of a block stays. */
function writeOverScalar(text: string, node: Scalar, written: string): Edit {
  const { start, end } = scalarPlace(text, node);
  const header = isBlock(node) ? text.slice(start, end).split(/\r?\n/, 1)[0] : undefined;
  const remark = header?.replace(/^[|>][-+\d]*/, '').trimEnd() ?? '';
  return writeOver({ start, end }, written + remark);
}

function wholeScalar(node: Scalar): { start: number; end: number } {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** Characters that only double quotes hold, among them half a surrogate pair. */
const NEEDS_ESCAPE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;

/**
 * A string in quotes on one line, as every version of YAML reads it. In single quotes where `style` has them, or where they
 * save escapes and `style` has no double ones.
 */
export function quotedText(value: string, style?: Scalar['type']): string {
  const wantsSingle =
    style === Scalar.QUOTE_SINGLE || (style !== Scalar.QUOTE_DOUBLE && /["\\]/.test(value));
  return wantsSingle && !NEEDS_ESCAPE.test(value)
    ? `'${value.replaceAll("'", "''")}'`
    : `"${escaped(value)}"`;
}

/** YAML's escapes are those of JSON and more (YAML 1.2.2, 5.7), but fewer characters may stand as they are. */
function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(
      /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** The tag of a value, and the anchor that may stand between both. */
function tagInFront(text: string, start: number): { start: number; anchor: string } | undefined {
  const before = text.slice(Math.max(0, start - 1000), start);
  const match = /!\S*[ \t]+(&\S+[ \t]+)?$/.exec(before);
  return match === null ? undefined : { start: start - match[0].length, anchor: match[1] ?? '' };
}
