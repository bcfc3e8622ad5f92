import type { Diagnostic, PlacedFix } from '../diagnostic.ts';

/**
 * The fix of a finding, unless its edits write more than the name or reference that it names: then they may hold a value, as
 * where a whole text is written anew in quotes or in base64.
 */
export function shownFix({ fix }: Diagnostic): PlacedFix | undefined {
  return fix?.edits.every(({ text }) => fix.what.includes(text)) === true ? fix : undefined;
}
