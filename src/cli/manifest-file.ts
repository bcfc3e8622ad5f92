// `validate --manifest`: what exists, by a file that `secretreg manifest` wrote.
import { SecretregError } from '../errors.ts';
import { type Existence, existenceIn } from '../validator/existence.ts';
import { parseManifest } from '../validator/manifest.ts';
import type { Io } from './io.ts';
import { readTextFile } from './text-file.ts';
import { pastOption } from './times.ts';

export interface ManifestFlags {
  manifest?: string;
  maxAge?: string;
  registry?: string;
  context?: string;
}

/** Fails with file-unreadable, manifest-refused, manifest-too-old or wrong-use. */
export function manifestExistence(io: Io, flags: ManifestFlags): Existence {
  const { manifest: file = '', maxAge } = flags;
  requireAlone(flags);
  const oldest = maxAge === undefined ? '' : pastOption('--max-age', maxAge, io.clock());
  const parsed = parseManifest(readTextFile(file));
  if (!parsed.ok) throw new SecretregError('manifest-refused', { file, reason: parsed.problem });
  const { madeAt, authenticated, paths, facts } = parsed.value;
  if (madeAt < oldest) throw new SecretregError('manifest-too-old', { file, madeAt, oldest });
  return existenceIn(facts, {
    origin: { name: file, authenticated },
    ...(paths && { madeFor: new Set(paths) }),
  });
}

/** `manifest` or `maxAge` is given. */
function requireAlone({ manifest, maxAge, registry, context }: ManifestFlags): void {
  const refuse = (reason: string) => new SecretregError('wrong-use', { reason });
  if (manifest === undefined && maxAge !== undefined)
    throw refuse('--max-age is the age of a manifest: it needs --manifest');
  if (registry !== undefined || context !== undefined)
    throw refuse('--manifest stands for a registry: --registry and --context exclude it');
}
