// Text of unknown origin in a line that a person pastes into a shell.
import { visible } from './visible.ts';

/** One word, in quotes where it needs them: nothing in it is run, and it stays one word. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${visible(text).replaceAll("'", `'\\''`)}'`;
}

/** `secretreg put orders password --force`: no name in it is read as an option or by the shell. */
export function secretCommand(
  verb: string,
  names: readonly string[],
  options: readonly string[] = [],
): string {
  const words = names.map(shellWord);
  const isLikeOption = /^-./.test(names[0] ?? '');
  const all = isLikeOption ? [...options, '--', ...words] : [...words, ...options];
  return ['secretreg', verb, ...all].join(' ');
}
