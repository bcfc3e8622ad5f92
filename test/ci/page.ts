// The blocks of docs/ci.md, by the word behind the language.
import { readFileSync } from 'node:fs';

export interface Block {
  /** Such as `gitlab-ci`; the language where no word is behind it. */
  kind: string;
  text: string;
}

export const blocks: readonly Block[] = [
  ...readFileSync('docs/ci.md', 'utf8').matchAll(/^```(\w+)(?: ([\w-]+))?\n([^]*?)^```$/gm),
].map(([, language = '', kind = language, text = '']) => ({ kind, text }));
