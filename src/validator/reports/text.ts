// For people: `file:line:column: error: what [rule]`, the line with a caret, a hint, and one line of summary.
import type { Diagnostic } from '../diagnostic.ts';
import { visible } from '../../domain/visible.ts';
import type { Reporter, Style } from './report.ts';
import { summary } from './summary.ts';

export const textReport: Reporter = (report, style) => {
  const blocks = report.files.flatMap(({ diagnostics }) =>
    diagnostics.map((diagnostic) => findingText(diagnostic, style)),
  );
  return [...blocks, summary(report)].map((text) => `${text}\n`).join('\n');
};

/** One to four lines, without a line break behind the last one. */
export function findingText(diagnostic: Diagnostic, style: Style): string {
  const { file, line, column, severity, message, rule, hint } = diagnostic;
  const { frame } = diagnostic;
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const colour = (it: string) => COLOURS[severity](style, it);
  const lines = [
    `${style.bold(`${visible(file)}:${line}:${column}:`)} ${colour(`${severity}:`)} ${message} ${style.dim(`[${rule}]`)}`,
  ];
  if (frame !== undefined)
    lines.push(
      `${style.dim(` ${number} |`)} ${frame.source}`,
      `${style.dim(` ${blank} |`)} ${colour(frame.caret)}`,
    );
  if (hint !== undefined) lines.push(`${style.cyan('hint:')} ${hint}`);
  return lines.map((it) => it.trimEnd()).join('\n');
}

const COLOURS = {
  error: (style: Style, text: string) => style.red(text),
  warning: (style: Style, text: string) => style.yellow(text),
  note: (style: Style, text: string) => style.cyan(text),
};
