// What lies at the place of a registry before SQLite sees it, and how its file is made. Once SQLite has the file open
// nothing here opens it: closing any descriptor of a file drops the POSIX locks that the process holds on it
// (https://sqlite.org/howtocorrupt.html, 2.2).
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { nodeCodeOf, SecretregError } from '../../errors.ts';
import { makePrivateFolder } from '../private-folder.ts';

/** Which file it is, whatever its name. */
export type Identity = `${number}:${number}`;

/** What is there: nothing, an empty file, or a file. Fails with not-a-registry for anything else. */
export function lookAt(file: string, place: string): 'nothing' | 'empty' | 'file' {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (!stats.isFile())
    throw notARegistry(place, stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
  return stats.size === 0 ? 'empty' : 'file';
}

export function identityOf(file: string): Identity | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && identity(stats);
}

/**
 * Makes the file, readable by its owner only, or takes an empty one that is there already. Symbolic links are not
 * followed: one that somebody else put there would choose the place.
 */
export function createFile(file: string, place: string): Identity {
  makePrivateFolder(dirname(file));
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isSymbolicLink())
    throw notARegistry(
      place,
      'it is a symbolic link, and none is followed when a registry is made',
    );
  const descriptor = there ? openThere(file) : openNew(file);
  try {
    // A umask such as 0777 takes even the owner's rights, and a file that was there may have any.
    fchmodSync(descriptor, 0o600);
    return identity(fstatSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** Another process may make the same registry: then its file is the one. */
function openNew(file: string): number {
  try {
    return openSync(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (nodeCodeOf(error) === 'EEXIST') return openThere(file);
    throw error;
  }
}

function openThere(file: string): number {
  return openSync(file, O_RDWR | O_NOFOLLOW);
}

/** f_type of statfs(2) in Linux's magic.h and the file systems' own headers: those that several machines can mount. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x73757245, 'Coda'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0xa501fcf5, 'VxFS'],
  [0x19830326, 'BeeGFS'],
]);

/** The network file system with this f_type, or undefined for a local one. */
export function networkFileSystem(type: number): string | undefined {
  // f_type is signed on some architectures.
  return NETWORK_FILE_SYSTEMS.get(type >>> 0);
}

export function refuseNetworkFileSystem(file: string, place: string): void {
  if (process.platform !== 'linux') return;
  const type = networkFileSystem(statfsSync(nearestExisting(file)).type);
  if (type !== undefined) throw new SecretregError('network-file-system', { place, type });
}

function nearestExisting(file: string): string {
  let path = file;
  while (statSync(path, { throwIfNoEntry: false }) === undefined && path !== dirname(path)) {
    path = dirname(path);
  }
  return path;
}

function identity(stats: Stats): Identity {
  return `${stats.dev}:${stats.ino}`;
}

function notARegistry(place: string, reason: string): SecretregError {
  return new SecretregError('not-a-registry', { place, reason });
}
