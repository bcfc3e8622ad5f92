// The name under which other tools find a file: a path from the root of the repository, whatever folder the run was
// started in. What lies elsewhere, and what is no file, is named as it is.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { STDIN } from '../diagnostic.ts';

/** Absolute folders. */
export interface Base {
  /** Where relative names begin. */
  folder: string;
  /** The top folder of the repository. */
  root: string;
}

export interface Location {
  /** With `/` between its parts. */
  path: string;
  /** True where it lies below the root, and `path` begins there. */
  isBelow: boolean;
}

const AS_IT_STANDS: Base = { folder: '/', root: '/' };

export function locationOf(file: string, { folder, root }: Base = AS_IT_STANDS): Location {
  if (isNoFile(file)) return { path: file, isBelow: false };
  const place = resolve(folder, file);
  const path = relative(root, place);
  const isBelow = path !== '' && path.split(sep)[0] !== '..' && !isAbsolute(path);
  return { path: (isBelow ? path : place).split(sep).join('/'), isBelow };
}

/** RFC 3986: from the root, or absolute. What a URI cannot hold is percent-encoded. */
export function uriOf({ path, isBelow }: Location): string {
  if (/^https?:/.test(path)) return encodeURI(path.toWellFormed());
  const encoded = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  if (isBelow || isNoFile(path)) return encoded;
  return encoded.startsWith('/') ? `file://${encoded}` : `file:///${encoded}`;
}

/** Standard input, and what runs on a worker. */
export function isNoFile(file: string): boolean {
  return file === STDIN || /^https?:\/\//.test(file);
}
