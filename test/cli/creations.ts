// What a process made, by its calls as strace shows them: by which flags, and whether the names were on the disk at the end.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** For strace. */
export const CREATING = [
  ...['openat', 'mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['symlink', 'symlinkat', 'unlink', 'unlinkat', 'rmdir', 'fsync', 'fdatasync'],
  ...['chmod', 'fchmodat', '?fchmodat2'],
];

interface Creations {
  /** Files that could have been opened where somebody else put one, or a link. */
  loose: string[];
  /** Modes that were set by the name of a file. */
  byName: string[];
  /** Names whose folder was not synced after they were made. */
  unsynced: string[];
  /** How many names were made. */
  made: number;
}

/** Those in this folder and below. */
export function creationsIn(log: string, folder: string): Creations {
  const found: Creations = { loose: [], byName: [], unsynced: [], made: 0 };
  const dirty = new Set<string>();
  const known = new Set<string>();
  const make = (name: string) => {
    found.made += 1;
    known.add(name);
    // SQLite syncs the folder for its log, and needs none for its index.
    if (!/-(?:wal|shm|journal)$/.test(name)) dirty.add(name);
  };
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, call = '', rest = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    const [first = '', second = ''] = [...rest.matchAll(/"([^"]*)"/g)].map(([, name]) => name);
    const last = second === '' ? first : second;
    if (/ = -1 E/.test(rest)) continue;
    if (/^f(?:data)?sync$/.test(call)) {
      const synced = /<([^>]*)>/.exec(rest)?.[1] ?? '';
      for (const name of dirty) if (dirname(name) === synced) dirty.delete(name);
    }
    if (!last.startsWith(`${folder}/`)) continue;
    if (call === 'openat' && rest.includes('O_CREAT')) {
      const isExclusive = rest.includes('O_EXCL');
      // SQLite opens what was made for it, and makes its own files beside it.
      const isOfSqlite =
        rest.includes('O_NOFOLLOW') && (known.has(last) || /-(?:wal|shm|journal)$/.test(last));
      if (!isExclusive && !isOfSqlite && !isThere(last, rest)) found.loose.push(line);
      if (isExclusive) make(last);
    }
    if (call.includes('chmod')) found.byName.push(line);
    if (call.startsWith('rename') || call.startsWith('unlink') || call === 'rmdir')
      dirty.delete(first);
    if (/^(?:mkdir|rename|link|symlink)/.test(call)) make(last);
  }
  found.unsynced = [...dirty];
  return found;
}

/** The registry that was there before the process began. */
function isThere(file: string, rest: string): boolean {
  return file.endsWith('/registry.db') && rest.includes('O_NOFOLLOW');
}
