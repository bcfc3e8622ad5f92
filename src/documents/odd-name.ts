/**
 * True for a name with signs that quotes have round them. A quote that is missing makes names of values, and values of names:
 * in a file that cannot be read such a name is no name.
 */
export function isOddName(name: string): boolean {
  return /["',;={}\s]/.test(name);
}
