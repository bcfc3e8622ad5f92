// For people: `file:line:column: error: what [rule]`, the line with a caret, a hint, and one line of summary.
import { type Place, type Positions, positionsIn } from '../../documents/position.ts';
import type { Diagnostic, FileReport } from '../diagnostic.ts';
import { count } from '../../domain/count.ts';
import { visible } from '../../domain/visible.ts';
import { frame } from './frame.ts';
import { hiddenParts } from './hidden.ts';
import type { Report, Reporter, Style } from './report.ts';

export const textReport: Reporter = (report, style) => {
  const blocks: string[] = [];
  for (const file of report.files) {
    if (file.diagnostics.length === 0) continue;
    const positions = positionsIn(file.text);
    const hidden = hiddenParts(file.text, report.providers);
    for (const diagnostic of file.diagnostics)
      blocks.push(block(diagnostic, file, positions, hidden, style));
  }
  return [...blocks, summary(report)].map((text) => `${text}\n`).join('\n');
};

function block(
  diagnostic: Diagnostic,
  { text }: FileReport,
  positions: Positions,
  hidden: readonly Place[],
  style: Style,
): string {
  const { file, line, column, severity, message, rule, hint } = diagnostic;
  const { source, caret } = frame(text, positions, diagnostic, hidden, shownPart(text, diagnostic));
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const colour = (it: string) => (severity === 'error' ? style.red(it) : style.yellow(it));
  const lines = [
    `${style.bold(`${visible(file)}:${line}:${column}:`)} ${colour(`${severity}:`)} ${message} ${style.dim(`[${rule}]`)}`,
    `${style.dim(` ${number} |`)} ${source}`,
    `${style.dim(` ${blank} |`)} ${colour(caret)}`,
  ];
  if (hint !== undefined) lines.push(`${style.cyan('hint:')} ${hint}`);
  return lines.map((it) => it.trimEnd()).join('\n');
}

/** What the caret stands under is shown where it is a name, or a mark such as the comma that is too many. */
function shownPart(text: string, { start, end, isName }: Diagnostic): Place {
  if (isName === true) return { start: text.startsWith('${', start - 2) ? start - 2 : start, end };
  const mark = /^(?:[,:{}[\]\\]|\/[/*])/.exec(text.slice(start, start + 2))?.[0] ?? '';
  return { start, end: start + mark.length };
}

function summary({ files, existenceChecked, askedWorker }: Report): string {
  const all = files.flatMap(({ diagnostics }) => diagnostics);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const broken = files.filter(({ diagnostics }) => diagnostics.length > 0).length;
  const connectors = files.reduce((sum, file) => sum + file.connectors, 0);
  const references = files.reduce((sum, file) => sum + file.references, 0);
  if (all.length === 0 && connectors === 0) return `no connector in ${count(files.length, 'file')}`;
  const found = [count(errors, 'error'), count(all.length - errors, 'warning')];
  const what =
    all.length === 0
      ? `no problems in ${count(files.length, 'file')}`
      : `${found.filter((it) => !it.startsWith('0 ')).join(' and ')} in ${broken} of ${count(files.length, 'file')}`;
  const checked = `${count(connectors, 'connector')}, ${count(references, 'reference')}`;
  const existence = existenceChecked ? '' : '; existence not checked';
  const asked =
    askedWorker === undefined
      ? ''
      : `; ${askedWorker} of ${count(connectors, 'connector')} checked by the worker`;
  return `${what} (${checked})${existence}${asked}`;
}
