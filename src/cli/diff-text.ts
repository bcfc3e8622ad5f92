// A diff for people, in colour on a terminal.
import { visible } from '../domain/visible.ts';
import type { DiffLine } from '../validator/diff.ts';
import type { Style } from './io.ts';

export function diffText(file: string, lines: readonly DiffLine[], style: Style): string {
  const name = visible(file);
  const head = [`--- ${name}`, `+++ ${name}`].map((line) => style.bold(line));
  const body = lines.map(({ sign, text }) =>
    COLOURS[sign](style, sign === '@' ? text : `${sign}${text}`),
  );
  return [...head, ...body, ''].map((line) => `${line.trimEnd()}\n`).join('');
}

const COLOURS: Record<DiffLine['sign'], (style: Style, text: string) => string> = {
  '@': (style, text) => style.cyan(text),
  ' ': (_style, text) => text,
  '-': (style, text) => style.red(text),
  '+': (style, text) => style.green(text),
};
