import { cpus, totalmem } from 'node:os';

/** The machine in general terms: nothing that names it. */
export function machine(): Record<string, string | number> {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    sqlite: process.versions.sqlite ?? 'none',
  };
}
