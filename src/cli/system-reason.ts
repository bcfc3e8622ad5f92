// What the system says of a file, in words.
import { nodeCodeOf } from '../errors.ts';

/** What went wrong with a file. */
export function reasonOf(error: unknown): string {
  const code = nodeCodeOf(error);
  return REASONS[code] ?? (code === '' ? String(error) : `the system says ${code}`);
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you are not permitted to',
  EPERM: 'you are not permitted to',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'it is there already',
  EROFS: 'it lies on a read-only file system',
  ENOSPC: 'the disk is full',
  E2BIG: 'its arguments and variables are longer than the system takes',
  EDQUOT: 'your share of the disk is used up',
  EIO: 'the disk reported an error',
  EINTR: 'it was interrupted',
  EFBIG: 'it would grow beyond the size that files may have here',
  'special file':
    'it is a device or a pipe, and would be replaced by a file; without -O the output goes to stdout',
  'special report':
    'it is a device or a pipe, and would be replaced by a file; --format names what goes to stdout',
  changed: 'it was changed since it was read',
  ELOOP: 'it is a symbolic link, or its links go in a circle',
};
