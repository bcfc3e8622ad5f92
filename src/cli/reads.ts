// The reads of secrets, as the audit trail has them, for those who list them.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { Reads } from '../domain/reads.ts';
import type { Registry } from '../domain/registry.ts';
import { type Io, note } from './io.ts';

/** Where the trail begins is asked for by itself: of the rest only reads of these names have to come. */
export async function readsOf(
  io: Io,
  registry: Registry,
  names: { path?: SecretPath; key?: SecretKey },
): Promise<{ reads: Reads; begin: string | undefined }> {
  const begin = await beginOf(registry);
  const reads = new Reads(begin);
  const filter = { ...names, method: 'secret.Read' } as const;
  for await (const event of registry.audit(filter, (text) => note(io, text))) reads.take(event);
  return { reads, begin };
}

async function beginOf(registry: Registry): Promise<string | undefined> {
  for await (const { time } of registry.audit()) return time;
  return undefined;
}

/** Of a secret that was made then: never read, or who read it is not known. */
export function unread(reads: Reads, createdAt: string): string {
  const before = reads.unknownBefore(createdAt);
  return before === undefined ? 'never' : `unknown before ${before}`;
}
