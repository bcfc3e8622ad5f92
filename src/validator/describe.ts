// Makes a finding ready to be reported: with lines and columns, and its line of the file with every value hidden, so that no
// report needs the file again.
import { OPENING, type SourceDocument } from '../documents/document.ts';
import type { Place, Positions } from '../documents/position.ts';
import type { ProviderNames } from '../domain/reference-fault.ts';
import type { Edit } from '../documents/edit.ts';
import type {
  Diagnostic,
  Finding,
  Fix,
  PlacedFix,
  Region,
  RuleId,
  Severity,
} from './diagnostic.ts';
import { frame } from './frame.ts';
import { hiddenParts } from './hidden.ts';

export interface About {
  rule: RuleId;
  severity: Severity;
  connector: string | undefined;
  setting: string | undefined;
  /** True where it is about a text in base64, whose place is that of all of it. */
  isEncoded: boolean;
  /** What a reference is begun with there. */
  opening: string;
  /** How many code units are looked at to change the value. */
  length: number;
}

/**
 * How many code units may be looked at for the fixes of one file: a fix in a text of a mebibyte looks at all of it, and there
 * may be ten thousand fixes. The others wait for the next round.
 */
const MOST_MENDED = 2 ** 23;

export type Describe = (finding: Finding, about: About) => Diagnostic;

/** For the findings of one file. */
export function describer(
  { file, text }: { file: string; text: string },
  [document]: readonly SourceDocument[],
  positions: Positions,
  providers: ProviderNames,
): Describe {
  const written = (hint: string, opening: string) => hint.replaceAll(OPENING, () => opening);
  const hidden = document === undefined ? [] : hiddenParts(document, providers);
  let mended = 0;
  const mendedBy = (fix: Fix | undefined, { length, opening }: About): PlacedFix | undefined => {
    if (fix === undefined || mended > MOST_MENDED) return undefined;
    const made = placed({ what: written(fix.what, opening), edits: fix.edits }, positions);
    mended += made.edits.reduce((sum, edit) => sum + edit.length + edit.text.length, length);
    return made;
  };
  return (finding, about) => {
    const { rule, severity, connector, setting, isEncoded, opening } = about;
    const { fix: given, hint, ...rest } = finding;
    const fix = mendedBy(given, about);
    return {
      ...rest,
      ...(hint !== undefined && { hint: written(hint, opening) }),
      rule,
      severity,
      file,
      ...regionOf(finding, positions),
      ...(connector !== undefined && { connector }),
      ...(setting !== undefined && { setting }),
      ...(fix && { fix }),
      frame: frame(
        text,
        positions,
        finding,
        hidden,
        isEncoded ? NOTHING : shownPart(text, finding),
      ),
    };
  };
}

function regionOf({ start, end }: Place, positions: Positions): Region {
  const from = positions.at(start);
  const to = positions.at(end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function placed({ what, edits }: Fix, positions: Positions): PlacedFix {
  const place = (edit: Edit) =>
    regionOf({ start: edit.offset, end: edit.offset + edit.length }, positions);
  return { what, edits: edits.map((edit) => ({ ...edit, ...place(edit) })) };
}

const NOTHING: Place = { start: 0, end: 0 };

/** What stands over the caret is shown where it is a name, or a sign such as a comma too many. */
function shownPart(text: string, { start, end, isName }: Finding): Place {
  if (isName === true) return { start: text.startsWith('${', start - 2) ? start - 2 : start, end };
  const mark = /^(?:[,:{}[\]\\]|\/[/*])/.exec(text.slice(start, start + 2))?.[0] ?? '';
  return { start, end: start + mark.length };
}
