// Connectors of io.secretreg.test.RecordingSourceConnector on a worker, and what they were started with.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Worker } from './worker.ts';

type Config = Record<string, string>;

/** What a connector and its task were given at their starts. */
export interface Recorded {
  at: 'connector' | 'task';
  config: Config;
}

export interface Status {
  connector: { state: string; worker_id: string; trace?: string };
  tasks: { id: number; state: string; worker_id: string; trace?: string }[];
}

const WAIT_MS = 45_000;

/** The whole configuration of the connector of this name. */
export function recording(worker: Worker, name: string, config: Config = {}): Config {
  return {
    'connector.class': 'io.secretreg.test.RecordingSourceConnector',
    'tasks.max': '1',
    'record.file': recordFile(worker, name),
    ...config,
  };
}

/** Creates it, or gives it another configuration. */
export function submit(worker: Worker, name: string, config: Config = {}): Promise<Answer> {
  const path = `/connectors/${encodeURIComponent(name)}/config`;
  return worker.request('PUT', path, recording(worker, name, config));
}

export function recorded(worker: Worker, name: string): Recorded[] {
  const file = recordFile(worker, name);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Recorded);
}

/** The last configuration that its task was started with. */
export function taskConfig(worker: Worker, name: string): Config | undefined {
  return recorded(worker, name).findLast(({ at }) => at === 'task')?.config;
}

/** Resolves when the connector and its one task are in these states. */
export function untilState(worker: Worker, name: string, state: string, task = state) {
  return untilStatus(worker, name, ({ connector, tasks }) => {
    return connector.state === state && tasks.length === 1 && tasks[0]?.state === task;
  });
}

export async function untilStatus(
  worker: Worker,
  name: string,
  isSo: (status: Status) => boolean,
): Promise<Status> {
  let seen = 'nothing';
  const found = await until(`the state of ${name}`, async () => {
    const { status, json, text } = await worker.request('GET', `/connectors/${name}/status`);
    seen = text;
    return status === 200 && isSo(json as Status) ? (json as Status) : undefined;
  }).catch((error: unknown) => {
    throw new Error(`its last state was ${seen}\n${worker.tail()}`, { cause: error });
  });
  return found;
}

/** Asks again until there is an answer, with a bound that a busy machine does not reach. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  bound = WAIT_MS,
): Promise<T> {
  const deadline = performance.now() + bound;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await delay(50);
  }
}

function recordFile(worker: Worker, name: string): string {
  return join(worker.folder, `${Buffer.from(name).toString('base64url')}.jsonl`);
}
