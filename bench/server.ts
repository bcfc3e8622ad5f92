// Servers in processes of their own, and the load that is put on them from here.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

export interface Running {
  url: string;
  child: ChildProcess;
}

/** A program that prints its address when it is ready; what it logs goes nowhere. */
export async function startServer(args: readonly string[], home: string): Promise<Running> {
  const child = spawn(process.execPath, args, {
    cwd: home,
    env: { HOME: home, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, child };
  }
  throw new Error(`${args.join(' ')} did not start`);
}

export async function stopServer({ child }: Running): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

export interface Load {
  /** Asked in turn. */
  paths: readonly string[];
  connections: number;
  seconds: number;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Milliseconds for each answer, as long as the load lasts. Every answer has to be a good one. */
export async function timeAnswers({ url }: Running, load: Load): Promise<number> {
  const { paths, connections, seconds, method = 'GET', headers = {}, body } = load;
  const done = await autocannon({
    url,
    requests: shuffled(paths).map((path) => ({ path })),
    connections,
    duration: seconds,
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const good = done['2xx'];
  if (done.non2xx > 0 || done.errors > 0 || good === 0)
    throw new Error(`${done.non2xx} bad answers and ${done.errors} errors of ${url}`);
  return (done.duration * 1000) / good;
}

/** Else every connection would begin with the same one. */
function shuffled(paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => path);
}
