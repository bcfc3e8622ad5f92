// When secrets were read, by the audit trail, for the commands that list it.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { Reads } from '../domain/reads.ts';
import type { Registry } from '../domain/registry.ts';
import { type Io, note } from './io.ts';
import { ago, type Column } from './rows.ts';

/** Asks for the begin of the trail by itself: of the rest, only reads of these names have to be sent. */
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

/** When each was read last; for a secret without a read, `never`, or that nothing is known before the trail begins. */
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
