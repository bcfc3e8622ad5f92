// Tests that hold for a registry in a file and for one in a topic: places for them, and their bytes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { bytesOf } from './rotation-registry.ts';

export interface Stores {
  /** Where nothing is yet. */
  newPlace: () => string;
  /** Everything that stands there, byte by byte: the file and its log, or the logs of both topics with all that marks the ends of transactions. */
  bytesAt: (place: string) => Buffer;
}

export function onBothStores(name: string, body: (stores: Stores) => void): void {
  describe(`${name}, in a file`, () => {
    const folders: ReturnType<typeof registryFolder>[] = [];
    afterAll(() => {
      for (const folder of folders) folder.remove();
    });
    body({
      newPlace: () => {
        const folder = registryFolder();
        folders.push(folder);
        return folder.file;
      },
      bytesAt: bytesOf,
    });
  });

  describeKafka(`${name}, in a topic`, () => {
    let broker: Broker;
    let topics = 0;
    beforeAll(async () => {
      broker = await Broker.start();
    }, 120_000);
    afterAll(() => broker.stop());
    body({
      newPlace: () => {
        topics += 1;
        return `kafka://${broker.address}/place-${topics}`;
      },
      bytesAt: (place) => {
        const topic = place.slice(place.lastIndexOf('/') + 1);
        const data = join(broker.folder, 'data');
        return Buffer.concat(
          [topic, `${topic}-audit`].map((one) => segments(join(data, `${one}-0`))),
        );
      },
    });
  });
}

export function segments(folder: string): Buffer {
  const logs = readdirSync(folder).filter((file) => file.endsWith('.log'));
  return Buffer.concat(logs.sort().map((file) => readFileSync(join(folder, file))));
}
