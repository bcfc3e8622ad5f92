// Findings that were there before somebody looked: known again by their fingerprints, and not told. As a file it is made to
// be kept in Git: sorted, one finding a line, and no value in it.
import { compare } from '../domain/compare.ts';
import { isObject } from '../documents/plain-value.ts';
import type { FileReport, RuleId } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';

export interface BaselineEntry {
  /** With `/`, from the folder of the baseline on. */
  file: string;
  rule: string;
  connector?: string;
  setting?: string;
  fingerprint: string;
}

/** A file of which nothing can be read is told each time. */
const NEVER_KNOWN: RuleId = 'parse-error';

/** What a baseline has of the findings of one file. `file`: as it is called there. */
export function entriesOf(report: FileReport, file: string): BaselineEntry[] {
  const prints = fingerprints({ ...report, file });
  return report.diagnostics.flatMap(({ rule, connector, setting }, at) => {
    const fingerprint = prints[at];
    if (rule === NEVER_KNOWN || fingerprint === undefined) return [];
    return [
      {
        file,
        rule,
        ...(connector !== undefined && { connector }),
        ...(setting !== undefined && { setting }),
        fingerprint,
      },
    ];
  });
}

/** The report without what is known, and how much that is. */
export function withoutKnown(
  report: FileReport,
  file: string,
  known: ReadonlySet<string>,
): FileReport {
  const prints = fingerprints({ ...report, file });
  const isKnown = (rule: RuleId, at: number) => rule !== NEVER_KNOWN && known.has(prints[at] ?? '');
  const diagnostics = report.diagnostics.filter(({ rule }, at) => !isKnown(rule, at));
  const hidden = report.diagnostics.length - diagnostics.length;
  return hidden === 0 ? report : { ...report, diagnostics, known: hidden };
}

export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries
    .toSorted((a, b) => compare(orderOf(a), orderOf(b)))
    .map(({ file, rule, connector, setting, fingerprint }) =>
      JSON.stringify({ file, rule, connector, setting, fingerprint }),
    );
  const list = lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n  `;
  return `{\n  "secretreg-baseline": 1,\n  "findings": [${list}]\n}\n`;
}

/** Undefined for a text that is none. */
export function parseBaseline(text: string): BaselineEntry[] | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(content) || content['secretreg-baseline'] !== 1) return undefined;
  const { findings } = content;
  return Array.isArray(findings) && findings.every(isEntry) ? findings : undefined;
}

function isEntry(value: unknown): value is BaselineEntry {
  if (!isObject(value)) return false;
  const { file, rule, connector = '', setting = '', fingerprint } = value;
  return [file, rule, connector, setting, fingerprint].every((it) => typeof it === 'string');
}

/** No name has the character between them. */
function orderOf({ file, rule, connector = '', setting = '', fingerprint }: BaselineEntry): string {
  return [file, rule, connector, setting, fingerprint].join('\u0000');
}
