// For programs: one JSON object a line, one line a finding; a clean run gives nothing. No text of the file.
import { escapedJson } from '../../domain/escaped-json.ts';
import type { Reporter } from './report.ts';

export const jsonlReport: Reporter = ({ files }) =>
  files
    .flatMap(({ diagnostics }) => diagnostics)
    .map(({ file, line, column, endLine, endColumn, severity, rule, connector, message, hint }) =>
      escapedJson({
        file,
        line,
        column,
        endLine,
        endColumn,
        severity,
        rule,
        connector,
        message,
        hint,
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
