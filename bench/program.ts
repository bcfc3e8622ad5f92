import { fileURLToPath } from 'node:url';

/** The command line as it is installed. */
export const SECRETREG = fileURLToPath(new URL('../bin/secretreg.js', import.meta.url));

/** A program of this folder. */
export function benchFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
