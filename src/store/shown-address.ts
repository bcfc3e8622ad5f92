/**
 * An address that is not parsed yet, as a message may show it: without anything that may be a password. Where there is an `@`,
 * nobody can say where a password ends, so only the scheme is left.
 */
export function shownAddress(address: string): string {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:/i.exec(address) ?? [];
  if (/@|%40/.test(address)) return `${scheme}…`;
  return address.replace(/[?#][^]*$/, '?…');
}
