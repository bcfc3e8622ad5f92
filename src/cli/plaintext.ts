// What `externalize` would do to the files that it is given: no registry is asked, and nothing is written.
import { SecretregError } from '../errors.ts';
import {
  type Externalized,
  externalize,
  type ExternalizeOptions,
  requireOneValueEach,
} from '../validator/externalize.ts';
import { inputFiles } from './input-files.ts';
import type { Io } from './io.ts';

export interface PlannedFile {
  file: string;
  before: string;
  after: string;
  secrets: readonly Externalized[];
}

export interface Plan {
  /** How many files were looked at. */
  looked: number;
  /** The files that hold plaintext. */
  files: readonly PlannedFile[];
  secrets: readonly Externalized[];
  /** How many credentials are left as a comment asks. */
  ignored: number;
}

/** Fails with file-unreadable, wrong-use and bad-path. */
export async function planOf(
  io: Io,
  names: readonly string[],
  options: ExternalizeOptions,
): Promise<Plan> {
  const inputs = inputFiles(io, names);
  const files: PlannedFile[] = [];
  let ignored = 0;
  for (const input of inputs) {
    const { file, found, isStdin } = input;
    if (isStdin) throw new SecretregError('wrong-use', { reason: 'files are written: - is none' });
    const before = await input.read();
    const planned = await externalize({ file, text: before, found }, options);
    const { text, secrets, connectors } = planned;
    ignored += planned.ignored;
    if (connectors === 0 && !found)
      throw new SecretregError('file-unreadable', { file, reason: 'it describes no connector' });
    if (secrets.length > 0) files.push({ file, before, after: text, secrets });
  }
  const secrets = files.flatMap((one) => one.secrets);
  requireOneValueEach(secrets);
  requireUsed(options, secrets);
  return { looked: inputs.length, files, secrets, ignored };
}

function requireUsed({ keys }: ExternalizeOptions, secrets: readonly Externalized[]): void {
  for (const setting of keys.keys()) {
    if (secrets.some((secret) => secret.setting === setting)) continue;
    const reason = `--key: there is no credential in plain text in a setting '${setting}'`;
    throw new SecretregError('wrong-use', { reason });
  }
}

/** Values that still stand in the file, in a comment or where none is looked for: each value once, with the first such line. */
export function leftIn({ after, secrets }: PlannedFile): { secret: Externalized; line: number }[] {
  const seen = new Set<string>();
  return secrets.flatMap((secret) => {
    const value = secret.value.reveal();
    // A short value stands in many words.
    const at = value.length < 6 || seen.has(value) ? -1 : after.indexOf(value);
    seen.add(value);
    return at === -1 ? [] : [{ secret, line: after.slice(0, at).split('\n').length }];
  });
}
