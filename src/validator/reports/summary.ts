// What a run came to, in numbers and in one sentence.
import { count } from '../../domain/count.ts';
import type { Severity } from '../diagnostic.ts';
import type { ValueTally } from '../fits.ts';
import type { Report } from './report.ts';

export interface Counts {
  files: number;
  /** Files in which something was found. */
  broken: number;
  connectors: number;
  references: number;
  /** References whose path was compared with no name. */
  notCompared: number;
  findings: Record<Severity, number>;
}

export function countsOf({ files }: Report): Counts {
  const findings = { error: 0, warning: 0, note: 0 };
  let [broken, connectors, references, notCompared] = [0, 0, 0, 0];
  for (const file of files) {
    for (const { severity } of file.diagnostics) findings[severity] += 1;
    if (file.diagnostics.length > 0) broken += 1;
    connectors += file.connectors;
    references += file.references;
    notCompared += file.notCompared ?? 0;
  }
  return { files: files.length, broken, connectors, references, notCompared, findings };
}

export function summary(report: Report): string {
  const { values, askedWorker, offersFix } = report;
  const counts = countsOf(report);
  const { files, connectors, references } = counts;
  if (files === 0) return 'no file to check';
  if (counts.broken === 0 && connectors === 0) return `no connector in ${count(files, 'file')}`;
  const checked = `${count(connectors, 'connector')}, ${count(references, 'reference')}`;
  const fits = values === undefined ? '' : valuesText(values);
  const asked =
    askedWorker === undefined
      ? ''
      : `; ${askedWorker} of ${count(connectors, 'connector')} checked by the worker`;
  const fixable = offersFix === true ? fixableIn(report) : 0;
  const atLeast = report.files.some(({ hasMoreFixes }) => hasMoreFixes) ? 'at least ' : '';
  const offer = fixable === 0 ? '' : `; --fix mends ${atLeast}${fixable} of them`;
  const hidden = hiddenText(report);
  return `${what(counts)} (${checked})${existenceText(report)}${pathsText(counts)}${fits}${asked}${hidden}${offer}`;
}

function existenceText({ existenceChecked, namesAuthenticated }: Report): string {
  if (!existenceChecked) return '; existence not checked';
  return namesAuthenticated === false ? '; names not authenticated' : '';
}

/** Of a connector in a template or behind a variable, nobody knows yet which path it may refer to. */
function pathsText({ notCompared }: Counts): string {
  if (notCompared === 0) return '';
  const why =
    notCompared === 1 ? 'the name of its connector is' : 'the names of their connectors are';
  return `; ${count(notCompared, 'path')} not compared: ${why} not known`;
}

function valuesText({ checked, notSeen }: ValueTally): string {
  const rest = notSeen === 0 ? '' : `, ${notSeen} not: you may not read them`;
  return `; ${count(checked, 'value')} checked${rest}`;
}

/** Nobody should take for clean what is only not shown. */
function hiddenText({ files }: Report): string {
  const ignored = files.reduce((sum, file) => sum + (file.ignored ?? 0), 0);
  const known = files.reduce((sum, file) => sum + (file.known ?? 0), 0);
  return (
    (ignored === 0 ? '' : `; ${ignored} ignored by comments`) +
    (known === 0 ? '' : `; ${known} in the baseline`)
  );
}

function fixableIn({ files }: Report): number {
  return files.reduce(
    (sum, { diagnostics }) => sum + diagnostics.filter(({ fix }) => fix !== undefined).length,
    0,
  );
}

const SEVERITIES = ['error', 'warning', 'note'] as const;

function what({ files, broken, findings }: Counts): string {
  if (broken === 0) return `no problems in ${count(files, 'file')}`;
  const found = SEVERITIES.filter((severity) => findings[severity] > 0);
  const each = found.map((severity) => count(findings[severity], severity));
  const listed = each.join(', ').replace(/, (?=[^,]*$)/, ' and ');
  return `${listed} in ${broken} of ${count(files, 'file')}`;
}
