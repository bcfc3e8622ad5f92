// A baseline: findings that were there when it was made, which are recognised by their fingerprints and not reported again. Its
// file is made to be kept in Git: sorted, one finding a line, and no value in it.
import { compare } from '../domain/compare.ts';
import { isObject } from '../documents/plain-value.ts';
import type { FileReport, RuleId } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';

export interface BaselineEntry {
  /** From the folder of the baseline on, with `/`. */
  file: string;
  rule: string;
  connector?: string;
  setting?: string;
  fingerprint: string;
}

/** A file that cannot be read is reported each time. */
const NEVER_KNOWN: RuleId = 'parse-error';

/** The entries for the findings of one file. `file` is its name in the baseline. */
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

/** The report without the known findings, and with their number. */
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

/** undefined for a text that is no baseline. */
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

/** Joined by a character that no name holds. */
function orderOf({ file, rule, connector = '', setting = '', fingerprint }: BaselineEntry): string {
  return [file, rule, connector, setting, fingerprint].join('\u0000');
}
