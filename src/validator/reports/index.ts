// Every format of a report. One format is one file and one line here.
import { jsonlReport } from './jsonl.ts';
import type { Reporter } from './report.ts';
import { textReport } from './text.ts';

export const reports = {
  text: textReport,
  jsonl: jsonlReport,
} satisfies Record<string, Reporter>;

export type ReportFormat = keyof typeof reports;
