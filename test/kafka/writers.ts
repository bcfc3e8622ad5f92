// Processes that write one secret of a registry in a topic, and what is held against their answers in the end.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openCore } from '../../src/registry/open-registry.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { caller, type Env, key, name, path } from '../registry/fixture.ts';
import { alarmsIn } from './alarms.ts';

const PROGRAM = fileURLToPath(new URL('../process/kafka-writer.ts', import.meta.url));

export const environment = (): Env => ({
  clock: () => new Date(),
  random: (length: number) => randomBytes(length),
});

export class WriterProcess {
  readonly child: ChildProcess;
  /** What it was told, by version. */
  readonly acknowledged = new Map<number, string>();
  readonly read = new Map<number, string>();
  readonly failures: string[] = [];
  readonly ended: Promise<unknown>;
  onWritten: (version: number) => void = () => {};
  #wake: () => void = () => {};
  #hasEnded = false;
  #isReady = false;

  constructor(address: string, topic: string, who: string, count?: number) {
    const args = [PROGRAM, address, topic, who, ...(count === undefined ? [] : [String(count)])];
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const end = () => this.child.kill('SIGKILL');
    process.once('exit', end);
    this.ended = once(this.child, 'close').then(() => {
      process.removeListener('exit', end);
      this.#hasEnded = true;
      return this.#wake();
    });
    this.child.stdin?.on('error', () => {});
    if (this.child.stdout !== null)
      createInterface({ input: this.child.stdout }).on('line', (line) => this.#take(line));
  }

  /** Resolves once the condition holds. Fails where the process ends before, with all that it told. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#hasEnded) {
        const { exitCode, signalCode } = this.child;
        const end = `${exitCode ?? signalCode}, ${this.acknowledged.size} versions`;
        throw new Error(`a writer has ended: ${[end, ...this.failures].join('; ')}`);
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** So many more versions. */
  async written(more: number): Promise<void> {
    const { size } = this.acknowledged;
    await this.until(() => this.acknowledged.size >= size + more);
  }

  ready(): Promise<void> {
    return this.until(() => this.#isReady);
  }

  ask(version: number): void {
    this.child.stdin?.write(`read ${version}\n`);
  }

  /** It finishes what it does. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  #take(line: string): void {
    const [, what, version, value] = /^(version|read) (\d+) (.*)$/.exec(line) ?? [];
    if (line === 'ready') this.#isReady = true;
    else if (what === undefined) this.failures.push(line);
    else (what === 'read' ? this.read : this.acknowledged).set(Number(version), value ?? '');
    if (what === 'version') this.onWritten(Number(version));
    this.#wake();
  }
}

/** Everything acknowledged is there with its value, versions have no gaps, and no number was given twice. */
export async function requireAll(
  address: string,
  topic: string,
  acknowledged: readonly ReadonlyMap<number, string>[],
): Promise<number> {
  const store = new KafkaStore({ brokers: [address], topic, timeoutMs: 20_000 });
  const core = await openCore({ ...environment(), store, keys: () => ({ key: key() }) });
  try {
    const all = await registryFor(core, caller).readKey(path('orders'), name('password'));
    const values = new Map(all.map(({ version, value }) => [Number(version), value.reveal()]));
    expect([...values.keys()]).toEqual(Array.from({ length: values.size }, (_, i) => i + 1));
    const told = acknowledged.flatMap((one) => [...one]);
    expect(told.filter(([version, value]) => values.get(version) !== value)).toEqual([]);
    expect(new Set(told.map(([version]) => version)).size).toBe(told.length);
    const { facts } = await store.inspect();
    expect(alarmsIn(facts)).toEqual([]);
    return values.size;
  } finally {
    await core.close();
  }
}
