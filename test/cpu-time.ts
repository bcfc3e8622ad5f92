/** Of this process, in milliseconds. On a busy machine it tells more of the work than a clock does. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
