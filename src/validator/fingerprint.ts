// How a finding is recognised in a later run, when lines have moved and messages have other words: by its rule, file, connector
// and setting, by its subject if it has one, and by its number among those that are alike. Nothing of a value is in it.
import { createHash } from 'node:crypto';
import type { FileReport } from './diagnostic.ts';

/** One for each diagnostic of the file, in their order: 32 hexadecimal digits. */
export function fingerprints({ file, diagnostics }: FileReport): string[] {
  const seen = new Map<string, number>();
  return diagnostics.map(({ rule, connector = '', setting = '', subject }) => {
    // The separators of a path are those of the machine; the run that made the baseline may have had others.
    const about = [rule, file.replaceAll('\\', '/'), connector, setting];
    const known = JSON.stringify(subject === undefined ? about : [...about, subject]);
    const before = seen.get(known) ?? 0;
    seen.set(known, before + 1);
    return createHash('sha256').update(`${known}${before}`).digest('hex').slice(0, 32);
  });
}
