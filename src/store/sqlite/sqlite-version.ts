// SQLite 3.7.0 to 3.51.2 can lose a commit in write-ahead mode: two connections that checkpoint and write at the same
// moment may reset the log under a reader (the "WAL-reset bug", https://sqlite.org/wal.html). Patched in 3.44.6,
// 3.50.7 and 3.51.3.

/** Why this SQLite cannot be used, or undefined where it can. */
export function sqliteVersionProblem(version: string | undefined): string | undefined {
  if (version === undefined) return 'it has no node:sqlite';
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const patched =
    major > 3 ||
    (major === 3 &&
      (minor > 51 ||
        (minor === 51 && patch >= 3) ||
        (minor === 50 && patch >= 7) ||
        (minor === 44 && patch >= 6)));
  return patched ? undefined : `its SQLite ${version} can lose a commit when two processes write`;
}
