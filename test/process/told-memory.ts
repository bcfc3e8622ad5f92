// What a server process holds after a collection, told by itself: the code that tells it is loaded before it.
import type { ServerProcess } from '../http/server-process.ts';

const TELL_MEMORY = `process.on('SIGUSR2', () => {
  gc(); gc();
  process.stderr.write(JSON.stringify({ msg: 'memory', ...process.memoryUsage() }) + '\\n');
})`.replaceAll(/\s+/g, ' ');
const PRELOAD = `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`;

/** What a server has to be started through. */
export const TELLING_MEMORY = ['env', `NODE_OPTIONS=--expose-gc --import=${PRELOAD}`];

export const MiB = 1024 * 1024;

/** In bytes. */
export interface Memory {
  heapUsed: number;
  /** Bytes of buffers, which the heap only points to. */
  external: number;
  rss: number;
}

export async function memoryOf(server: ServerProcess): Promise<Memory> {
  const before = server.log.length;
  const isTold = () => server.log.slice(before).some(({ msg }) => msg === 'memory');
  server.child.kill('SIGUSR2');
  await Promise.race([server.until(isTold), server.ended]);
  const told = server.log.findLast(({ msg }) => msg === 'memory');
  const [heapUsed, external, rss] = ['heapUsed', 'external', 'rss'].map((name) =>
    Number(told?.[name]),
  ) as [number, number, number];
  return { heapUsed, external, rss };
}

export function mib(bytes: number): string {
  return (bytes / MiB).toFixed(1);
}
