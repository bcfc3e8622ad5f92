// Text of unknown origin in a cell of a GitHub or GitLab table. Backslashes would not do: both look for @mentions, #1 and links in
// what comes out of the parser, but leave code alone. So only plain words stand as they are, and all else is code.
import { visible } from '../../domain/visible.ts';

/** A sentence: names, references and whatever is no plain word as code. */
export function prose(text: string): string {
  const parts: { isCode: boolean; words: string[] }[] = [];
  for (const word of text.split(/\s+/).filter((it) => it !== '')) {
    const isCode = !isPlain(word);
    const last = parts.at(-1);
    if (last?.isCode === isCode) last.words.push(word);
    else parts.push({ isCode, words: [word] });
  }
  return parts
    .map(({ isCode, words }) => (isCode ? code(words.join(' ')) : words.join(' ')))
    .join(' ');
}

/** One span of code (CommonMark 6.1), of at least one character. */
export function code(text: string): string {
  // A cell ends at a `|` without `\` in front, in code too; with one, the `\` is taken away. `\\|` would end it again.
  const content = visible(text).replaceAll('\\|', '\\\\u{7c}').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .*[^ ].* $/.test(content) ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** Letters or digits with quotes, brackets and stops round them; no number that could be a commit. */
function isPlain(word: string): boolean {
  return (
    /^[("']*(?:[A-Za-z]+(?:['-][A-Za-z]+)*|\d+)[)"']*[,.;:!?]*$/.test(word) &&
    !/[0-9a-f]{7}/i.test(word)
  );
}
