// Row M of quality.md on a topic: random commands of two processes, which start again in between, against a map.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../src/registry/core.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { caller, codeOf, init, name, openAs, path, v, write } from '../registry/fixture.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { generator } from '../random.ts';
import { environment } from './writers.ts';
import { alarmsIn } from './alarms.ts';

const IS_RELEASE = process.env['SECRETREG_TEST_SIZE'] === 'release';
const SEQUENCES = IS_RELEASE ? 200 : 6;
const COMMANDS = 50;
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

/** By path and key: the value of each version, or undefined where it is deleted. */
type Model = Map<string, (string | undefined)[]>;

describeKafka('a registry in a topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  it(`does what a map does, in ${SEQUENCES} × ${COMMANDS} random commands (seed ${SEED})`, async () => {
    console.log(`SECRETREG_TEST_SEED=${SEED}`);
    const random = generator(SEED);
    for (let i = 0; i < SEQUENCES; i += 1) await sequence(`model-${i}`, random);
  }, 600_000);

  async function sequence(topic: string, random: () => number): Promise<void> {
    const newStore = () => new KafkaStore({ brokers: [broker.address], topic });
    const open = async () => (await openAs(newStore(), environment())).core;
    const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    await init(newStore(), environment());
    const processes: Core[] = [await open(), await open()];
    const model: Model = new Map();
    for (let i = 0; i < COMMANDS; i += 1) {
      const which = random() < 0.5 ? 0 : 1;
      const [pathText, keyText] = [among(['p', 'q']), among(['a', 'b'])];
      const place = `${pathText} ${keyText}`;
      const versions = model.get(place) ?? [];
      const registry = registryFor(processes[which] as Core, caller);
      const command = among(['write', 'write', 'together', 'delete', 'read', 'read', 'restart']);
      const why = `command ${i} of ${topic}: ${command} ${place}`;
      if (command === 'restart') {
        await processes[which]?.close();
        processes[which] = await open();
      } else if (command === 'write') {
        const [info] = await registry.write([write(pathText, keyText, `${i}`)]);
        model.set(place, [...versions, `${i}`]);
        expect(info?.version, why).toBe(versions.length + 1);
      } else if (command === 'together') {
        const writes = processes.map((core, at) =>
          registryFor(core, caller).write([write(pathText, keyText, `${i} ${at}`)]),
        );
        const numbers = (await Promise.all(writes)).map(([info]) => Number(info?.version));
        const [first = 0, second = 0] = numbers;
        const both = first < second ? [`${i} 0`, `${i} 1`] : [`${i} 1`, `${i} 0`];
        model.set(place, [...versions, ...both]);
        expect(
          numbers.toSorted((a, b) => a - b),
          why,
        ).toEqual([versions.length + 1, versions.length + 2]);
      } else if (command === 'delete') {
        const version = Math.ceil(random() * (versions.length + 1));
        const target = { path: path(pathText), key: name(keyText), version: v(version) };
        const isThere = versions[version - 1] !== undefined;
        expect((await codeOf(registry.delete(target))) === 'no error', why).toBe(isThere);
        if (isThere) model.set(place, versions.with(version - 1, undefined));
      } else {
        const latest = versions.findLast((value) => value !== undefined);
        const read = registry.read(path(pathText), name(keyText), 'latest');
        const value = await read.then(
          (found) => found.value.reveal(),
          () => undefined,
        );
        expect(value, why).toBe(latest);
      }
    }
    for (const core of processes) {
      const { facts } = await core.store.inspect();
      expect(alarmsIn(facts)).toEqual([]);
      await core.close();
    }
  }
});
