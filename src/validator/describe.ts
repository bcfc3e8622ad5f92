// A finding made ready to be reported: its lines and columns, and its line of the file with every value hidden, so that no
// report needs the file again.
import type { SourceDocument } from '../documents/document.ts';
import type { Place, Positions } from '../documents/position.ts';
import type { ProviderNames } from '../domain/reference-fault.ts';
import type { Diagnostic, Finding, RuleId, Severity } from './diagnostic.ts';
import { frame } from './frame.ts';
import { hiddenParts } from './hidden.ts';

export interface About {
  rule: RuleId;
  severity: Severity;
  connector: string | undefined;
  setting: string | undefined;
}

export type Describe = (finding: Finding, about: About) => Diagnostic;

/** For the findings of one file. */
export function describer(
  { file, text }: { file: string; text: string },
  [document]: readonly SourceDocument[],
  positions: Positions,
  providers: ProviderNames,
): Describe {
  const hidden = document === undefined ? [] : hiddenParts(document, providers);
  return (finding, { rule, severity, connector, setting }) => {
    const from = positions.at(finding.start);
    const to = positions.at(finding.end);
    return {
      ...finding,
      rule,
      severity,
      file,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      ...(connector !== undefined && { connector }),
      ...(setting !== undefined && { setting }),
      frame: frame(text, positions, finding, hidden, shownPart(text, finding)),
    };
  };
}

/** What the mark stands under is shown where it is a name, or a sign such as the comma that is too many. */
function shownPart(text: string, { start, end, isName }: Finding): Place {
  if (isName === true) return { start: text.startsWith('${', start - 2) ? start - 2 : start, end };
  const mark = /^(?:[,:{}[\]\\]|\/[/*])/.exec(text.slice(start, start + 2))?.[0] ?? '';
  return { start, end: start + mark.length };
}
