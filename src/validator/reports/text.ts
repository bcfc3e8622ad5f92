// For people: `file:line:column: error: what [rule]`, the line with a caret, a hint, and one line of summary.
import type { Diagnostic, Severity } from '../diagnostic.ts';
import { count } from '../../domain/count.ts';
import { visible } from '../../domain/visible.ts';
import type { Report, Reporter, Style } from './report.ts';

export const textReport: Reporter = (report, style) => {
  const blocks = report.files.flatMap(({ diagnostics }) =>
    diagnostics.map((diagnostic) => block(diagnostic, style)),
  );
  return [...blocks, summary(report)].map((text) => `${text}\n`).join('\n');
};

function block(diagnostic: Diagnostic, style: Style): string {
  const { file, line, column, severity, message, rule, hint } = diagnostic;
  const { source, caret } = diagnostic.frame;
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const colour = (it: string) => COLOURS[severity](style, it);
  const lines = [
    `${style.bold(`${visible(file)}:${line}:${column}:`)} ${colour(`${severity}:`)} ${message} ${style.dim(`[${rule}]`)}`,
    `${style.dim(` ${number} |`)} ${source}`,
    `${style.dim(` ${blank} |`)} ${colour(caret)}`,
  ];
  if (hint !== undefined) lines.push(`${style.cyan('hint:')} ${hint}`);
  return lines.map((it) => it.trimEnd()).join('\n');
}

const COLOURS = {
  error: (style: Style, text: string) => style.red(text),
  warning: (style: Style, text: string) => style.yellow(text),
  note: (style: Style, text: string) => style.cyan(text),
};

const SEVERITIES = ['error', 'warning', 'note'] as const;

function summary({ files, existenceChecked, askedWorker, offersFix }: Report): string {
  const all = files.flatMap(({ diagnostics }) => diagnostics);
  const of = (severity: Severity) => all.filter((it) => it.severity === severity).length;
  const broken = files.filter(({ diagnostics }) => diagnostics.length > 0).length;
  const connectors = files.reduce((sum, file) => sum + file.connectors, 0);
  const references = files.reduce((sum, file) => sum + file.references, 0);
  if (files.length === 0) return 'no file to check';
  if (all.length === 0 && connectors === 0) return `no connector in ${count(files.length, 'file')}`;
  const found = SEVERITIES.map((severity) => count(of(severity), severity));
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
  const fixable = offersFix ? all.filter(({ fix }) => fix !== undefined).length : 0;
  const offer = fixable === 0 ? '' : `; --fix mends ${fixable} of them`;
  return `${what} (${checked})${existence}${asked}${offer}`;
}
