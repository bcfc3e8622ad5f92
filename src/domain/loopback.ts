/** Whether what is sent to this host does not leave the machine: as URL writes it, an IPv6 address in brackets. */
export function isLoopback({ hostname }: { hostname: string }): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
