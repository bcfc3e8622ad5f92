// For programs: one JSON object a line, one line a finding; a clean run gives nothing. No text of the file.
// Characters that would steer a terminal stand as escapes: the same JSON, safe to look at (CVE-2021-42574).
import type { Reporter } from './report.ts';

export const jsonlReport: Reporter = ({ files }) =>
  files
    .flatMap(({ diagnostics }) => diagnostics)
    .map(({ file, line, column, endLine, endColumn, severity, rule, connector, message, hint }) =>
      escaped({
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

function escaped(it: object): string {
  return JSON.stringify(it).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => escapeOf(character.charCodeAt(at))).join(
      '',
    ),
  );
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
