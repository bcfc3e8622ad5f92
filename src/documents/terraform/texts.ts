// Which parts of a Terraform file may hold a credential: texts, numbers, comments, and names that stand where a value
// does, for somebody may have forgotten the quotes.
import type { SourceText } from '../document.ts';
import { textsUpTo } from '../understood.ts';
import type { TerraformFile } from './blocks.ts';
import type { Expression, Member } from './expressions.ts';
import type { Token } from './token.ts';

export function terraformTexts(file: TerraformFile): SourceText[] {
  const { fault, comments, tree } = file;
  const known = knownTexts(file);
  const texts: SourceText[] = comments.map(({ start, end }) => ({ start: start + 1, end }));
  const { tokens, closing } = tree;
  let understood = fault?.start ?? tree.file.length;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.type === 'open text' || token.type === 'open heredoc') {
      const close = closing.get(index);
      if (close === undefined) {
        understood = Math.min(understood, token.end);
        break;
      }
      const end = tokens[close]?.start ?? token.end;
      const text = known.texts.get(index)?.text;
      const decoded = text && { value: text.text, offset: (at: number) => text.offset(at) };
      if (!known.names.has(index) && !isName(tokens, index, close))
        texts.push({ start: token.end, end, ...(decoded && { decoded }) });
      index = close;
    } else if (token.type === 'number' || (token.type === 'name' && !isName(tokens, index))) {
      if (!known.names.has(index)) texts.push({ start: token.start, end: token.end });
    }
  }
  return outermost(textsUpTo(understood, texts, tree.file.length));
}

/** Without texts inside others: a comment may stand in an expression, and that in a text. */
function outermost(texts: readonly SourceText[]): SourceText[] {
  let done = 0;
  return texts.filter(({ start, end }) => {
    if (start < done) return false;
    done = end;
    return true;
  });
}

const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null']);
/** Blocks with labels. Behind any other name, a text may be a value whose first quote is missing. */
const BLOCKS: ReadonlySet<string> = new Set([
  'resource',
  'data',
  'variable',
  'output',
  'module',
  'provider',
]);
const BEFORE_NAME: ReadonlySet<string> = new Set(['{', ',']);

/** True for what begins a line or a member, and is followed by what follows a name: if in quotes, by `=` or `:`. */
function isName(tokens: readonly Token[], index: number, last = index): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  const behind = tokens[last + 1];
  if (WORDS.has(token?.text ?? '')) return true;
  const isLine = before === undefined || before.type === 'newline';
  if (!isLine && !BEFORE_NAME.has(before.text ?? '')) return false;
  if (behind?.text === '=' || behind?.text === ':') return true;
  if (!isLine || token?.type !== 'name') return false;
  return behind?.text === '{' || (behind?.type === 'open text' && BLOCKS.has(token.text ?? ''));
}

interface KnownTexts {
  /** Texts that are values of connectors, by the token that opens each. */
  texts: Map<number, Expression & { kind: 'text' }>;
  /** Tokens that begin the names of members, and labels. */
  names: Set<number>;
}

function knownTexts({ resources, settings }: TerraformFile): KnownTexts {
  const known: KnownTexts = { texts: new Map(), names: new Set() };
  const addMember = ({ token, value }: Member) => {
    known.names.add(token);
    addValue(value);
  };
  const addValue = (value: Expression) => {
    if (value.kind === 'text') known.texts.set(value.open, value);
    if (value.kind === 'object') for (const member of value.members) addMember(member);
    if (value.kind === 'list') for (const item of value.items) addValue(item);
  };
  for (const { type, label, members } of resources) {
    known.names.add(type.token).add(label.token);
    for (const member of members) addMember(member);
  }
  for (const value of settings) addValue(value);
  return known;
}
