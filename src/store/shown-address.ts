/**
 * An address of which nothing is known yet, for a message: without anything that may be a password. Where there is an `@`,
 * nobody can say how far one reaches, so only the scheme is left.
 */
export function shownAddress(address: string): string {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:/i.exec(address) ?? [];
  if (/@|%40/.test(address)) return `${scheme}…`;
  return address.replace(/[?#][^]*$/, '?…');
}
