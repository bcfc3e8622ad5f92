import type { VersionInfo } from '../domain/registry.ts';
import type { Io } from './io.ts';
import { ago, type Column } from './rows.ts';

/** A version as a row: path, key, version, state, created, by, deleted, deletedBy. */
export function versionColumns(io: Io): Column<VersionInfo>[] {
  const now = io.clock();
  return [
    { name: 'path', value: (row) => row.path },
    { name: 'key', value: (row) => row.key },
    { name: 'version', value: (row) => row.version },
    { name: 'state', value: (row) => row.state },
    { name: 'created', value: (row) => row.createdAt, forPerson: (row) => ago(row.createdAt, now) },
    { name: 'by', value: (row) => row.createdBy },
    {
      name: 'deleted',
      value: (row) => row.deletedAt,
      forPerson: (row) => (row.deletedAt === undefined ? '' : ago(row.deletedAt, now)),
    },
    { name: 'deletedBy', value: (row) => row.deletedBy },
  ];
}
