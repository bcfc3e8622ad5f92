import type { SecretregError } from '../../errors.ts';

/** One secret as it stands in a file. Offsets are those of the text. */
export interface Entry {
  /** undefined in a format without paths. */
  path: string | undefined;
  key: string;
  value: string;
  at: number;
}

/** Makes the error that says why a file is not taken: a clause, and where. It shows nothing of the file. */
export type Refuse = (reason: string, at?: number, hint?: string) => SecretregError;

/** What is written: the values of each path by key. */
export type SecretTable = ReadonlyMap<string, ReadonlyMap<string, string>>;
