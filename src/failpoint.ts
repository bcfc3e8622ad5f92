// Places at which a process can be made to die or to fail by their name: between two steps where no kill from outside and
// no call of the system that fails can aim exactly. Only the build for tests has them (`scripts/build.ts --failpoints`);
// in the published one esbuild leaves neither a call nor a name (test/process/failpoints.test.ts).

/** What the build puts in its place; absent where the source itself runs. */
declare const WITH_FAILPOINTS: boolean;

export const FAILPOINTS = [
  /** SQLite has committed, and nobody was told. */
  'commit-done',
  /** SQLite said that a commit failed, and it is to be found out what became of it. */
  'commit-settling',
  /** A broker has answered the end of a transaction, and nothing was read back. */
  'transaction-ended',
  /** The line of a read is durable, and its answer has not left. */
  'read-audited',
  /** All records are under the new key, and the old one is not retired. */
  'rotation-reencrypted',
  /** The old key is retired, and what it sealed was not removed from the file. */
  'rotation-retired',
  /** Old lines of the trail are gone, and their room was not given back. */
  'trail-pruned',
  /** A copy of the registry is proved, and has no name yet. */
  'copy-proved',
  /** A file is whole under its temporary name. */
  'file-ready',
  /** `init` has made a key, and no registry. */
  'key-made',
] as const;

/** Does what `SECRETREG_FAILPOINTS` says of this place: `commit-done=error,commit-settling=kill`. */
export function failpoint(name: (typeof FAILPOINTS)[number]): void {
  if (typeof WITH_FAILPOINTS === 'undefined' || !WITH_FAILPOINTS) return;
  const told = process.env['SECRETREG_FAILPOINTS']?.split(',') ?? [];
  if (told.includes(`${name}=kill`)) process.kill(process.pid, 'SIGKILL');
  if (told.includes(`${name}=error`))
    throw Object.assign(new Error(`failpoint ${name}`), { code: 'EIO' });
}
