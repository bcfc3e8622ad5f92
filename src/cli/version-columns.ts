import type { VersionInfo } from '../domain/registry.ts';
import type { Io } from './io.ts';
import { type Column, timeColumn } from './rows.ts';

/** Which versions a command has written, hidden or brought back. */
export const writtenColumns: readonly Column<VersionInfo>[] = [
  { name: 'path', value: (row) => row.path },
  { name: 'key', value: (row) => row.key },
  { name: 'version', value: (row) => row.version },
];

/** A version as a row: where it stands, its state, and who made and hid it. */
export function versionColumns(io: Io): Column<VersionInfo>[] {
  return [
    ...writtenColumns,
    { name: 'state', value: (row) => row.state },
    timeColumn(io, { name: 'createdAt', heading: 'created' }, (row) => row.createdAt),
    { name: 'createdBy', heading: 'by', value: (row) => row.createdBy },
    timeColumn(io, { name: 'deletedAt', heading: 'deleted' }, (row) => row.deletedAt),
    { name: 'deletedBy', value: (row) => row.deletedBy },
  ];
}
