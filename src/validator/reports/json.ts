// For programs that want the whole run in one document: every file, what was found in it, and the summary. No text of a file
// but the line of a finding with its values hidden. docs/reports.md says what the members mean.
import type { Diagnostic } from '../diagnostic.ts';
import { fingerprints } from '../fingerprint.ts';
import { escapedJson } from '../../domain/escaped-json.ts';
import { locationOf } from './location.ts';
import type { Reporter } from './report.ts';
import { shownFix } from './shown-fix.ts';
import { countsOf, summary } from './summary.ts';

export const jsonReport: Reporter = (report) => {
  const { files, existenceChecked, namesAuthenticated, values, askedWorker, base } = report;
  const { exitCode = 0, faults = [] } = report;
  const { findings, broken: _, ...counts } = countsOf(report);
  const document = {
    version: 1,
    summary: summary(report),
    exitCode,
    existenceChecked,
    namesAuthenticated,
    values,
    askedWorker,
    counts: {
      ...counts,
      errors: findings.error,
      warnings: findings.warning,
      notes: findings.note,
    },
    faults,
    files: files.map((file) => {
      const marks = fingerprints(file);
      return {
        file: file.file,
        path: locationOf(file.file, base).path,
        connectors: file.connectors,
        references: file.references,
        notCompared: file.notCompared ?? 0,
        ignored: file.ignored ?? 0,
        findings: file.diagnostics.map((one, at) => findingOf(one, marks[at] ?? '')),
      };
    }),
  };
  return `${escapedJson(document, 2)}\n`;
};

function findingOf(it: Diagnostic, fingerprint: string): object {
  const { rule, severity, line, column, endLine, endColumn, connector, setting } = it;
  const { message, hint, frame } = it;
  const fix = shownFix(it);
  return {
    rule,
    severity,
    line,
    column,
    endLine,
    endColumn,
    connector,
    setting,
    message,
    hint,
    subject: it.subject,
    source: frame?.source,
    caret: frame?.caret,
    fix: fix && {
      what: fix.what,
      edits: fix.edits.map(({ line, column, endLine, endColumn, text }) => ({
        line,
        column,
        endLine,
        endColumn,
        text,
      })),
    },
    fingerprint,
  };
}
