// How a text is written where the shell reads it.
import type { Quoting } from './script.ts';

/** `text` as it stands in such a place, without the quotes. */
export function written(text: string, quoting: Quoting): string {
  switch (quoting) {
    case 'single':
      return text.replaceAll("'", String.raw`'\''`);
    case 'double':
      return text.replace(/["\\$`]/g, String.raw`\$&`);
    case 'here':
      return text.replace(/[\\$`]/g, String.raw`\$&`);
    case 'ansi':
      return text.replace(/['\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
    case 'literal':
      return text;
    case 'none':
      return text.replace(/[^\w@%+=:,./-]/g, (sign) => (sign === '\n' ? "'\n'" : `\\${sign}`));
  }
}

/** What stands between a part that is written in one way and one that is written in the other. */
export function change(from: Quoting, to: Quoting): string {
  return from === to ? '' : QUOTES[from][1] + QUOTES[to][0];
}

const QUOTES: Readonly<Record<Quoting, readonly [opening: string, closing: string]>> = {
  none: ['', ''],
  single: ["'", "'"],
  ansi: ["$'", "'"],
  double: ['"', '"'],
  here: ['', ''],
  literal: ['', ''],
};
