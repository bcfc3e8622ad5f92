// For a comment on a merge request or the summary of a workflow: what the run came to, and a table of the findings, errors
// first. Cut before GitHub's limits (65,536 characters a comment, 1 MiB a summary); the other formats have all.
import type { Diagnostic } from '../diagnostic.ts';
import { code, prose } from './markdown-text.ts';
import type { Reporter } from './report.ts';
import { summary } from './summary.ts';

/** How many characters the table may have. */
const MOST = 60_000;

export const markdownReport: Reporter = (report) => {
  const { files, faults = [] } = report;
  const findings = files.flatMap(({ diagnostics }) => diagnostics);
  const sorted = findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const rows = firstOf(sorted);
  const left = sorted.length - rows.length;
  const blocks = ['### secretreg validate', summary(report)];
  if (rows.length > 0) blocks.push([HEAD, ...rows].join('\n'));
  if (left > 0) blocks.push(`… and ${left} more, which the other formats list.`);
  if (faults.length > 0)
    blocks.push(faults.map(({ message }) => `- could not run: ${prose(message)}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
};

const ORDER = { error: 0, warning: 1, note: 2 } as const;
const HEAD = '| | where | what | rule |\n|---|---|---|---|';

function firstOf(findings: readonly Diagnostic[]): string[] {
  const rows: string[] = [];
  let size = 0;
  for (const finding of findings) {
    const row = rowOf(finding);
    size += row.length + 1;
    if (size > MOST) break;
    rows.push(row);
  }
  return rows;
}

function rowOf({ severity, file, line, column, message, hint, rule }: Diagnostic): string {
  const what = hint === undefined ? prose(message) : `${prose(message)}<br>hint: ${code(hint)}`;
  return `| ${severity} | ${code(`${file}:${line}:${column}`)} | ${what} | ${code(rule)} |`;
}
