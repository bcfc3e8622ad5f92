// The reads of secrets, as the audit trail has them, for those who list them.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { Reads } from '../domain/reads.ts';
import type { Registry } from '../domain/registry.ts';
import { type Io, note } from './io.ts';
import { ago, type Column } from './rows.ts';

/** Where the trail begins is asked for by itself: of the rest only reads of these names have to come. */
export async function readsOf(
  io: Io,
  registry: Registry,
  names: { path?: SecretPath; key?: SecretKey },
): Promise<Reads> {
  const reads = new Reads(await beginOf(registry));
  const filter = { ...names, method: 'secret.Read' } as const;
  for await (const event of registry.audit(filter, (text) => note(io, text))) reads.take(event);
  return reads;
}

async function beginOf(registry: Registry): Promise<string | undefined> {
  for await (const { time } of registry.audit()) return time;
  return undefined;
}

/** A key, or one version of it. */
interface Readable {
  path: SecretPath;
  key: SecretKey;
  version?: number;
  createdAt: string;
}

/** When each was read last; of what was never read, or before the trail begins, that. */
export function lastReadColumn(io: Io, reads: Reads): Column<Readable> {
  const now = io.clock();
  const unread = ({ createdAt }: Readable) => {
    const before = reads.unknownBefore(createdAt);
    return before === undefined ? 'never' : `unknown before ${before}`;
  };
  return {
    name: 'lastRead',
    value: (row) => reads.of(row)?.last ?? unread(row),
    forPerson: (row) => {
      const last = reads.of(row)?.last;
      return last === undefined ? unread(row) : ago(last, now);
    },
  };
}
