import type { Io } from './io.ts';
import { type Format, printRows } from './rows.ts';

export interface MasterKeyRow {
  kid: string;
  state: string;
  records: number;
}

/** How many records are under each key. */
export function printMasterKeys(
  io: Io,
  format: Format,
  keys: readonly MasterKeyRow[],
): Promise<void> {
  return printRows(
    io,
    format,
    [
      { name: 'key', value: (row) => row.kid },
      { name: 'state', value: (row) => row.state },
      { name: 'records', value: (row) => row.records },
    ],
    keys,
  );
}
