/**
 * True for a name that holds quotes, separators, braces or white space. Where a quote is missing, values are read as names
 * and names as values; so in a file that cannot be parsed, such a name may be a value.
 */
export function isOddName(name: string): boolean {
  return /["',;={}\s]/.test(name);
}
