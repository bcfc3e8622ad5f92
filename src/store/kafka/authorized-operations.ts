// What the broker lets us do with a topic, by its own word: Metadata, version 8, with the bits of KIP-430, which kafkajs
// does not ask for. Asked only after a request was refused, to name the right that is missing.
import type { Operation } from './acls.ts';
import { ask, type Broker } from './kafkajs-internals.ts';

const METADATA = { apiKey: 3, apiVersion: 8, apiName: 'Metadata' };

/** Of org.apache.kafka.common.acl.AclOperation. */
const BITS: Record<Operation, number> = {
  Read: 3,
  Write: 4,
  Create: 5,
  Describe: 8,
  DescribeConfigs: 10,
};

/** A broker says nothing more of a topic that is not there, or that we may not know of. */
export type Access = 'not-there' | 'denied' | ReadonlySet<Operation>;

/** By topic. */
export async function authorizedOperations(
  broker: Broker,
  topics: readonly string[],
): Promise<ReadonlyMap<string, Access>> {
  const { operations } = await ask(broker, { ...METADATA, body: requestFor(topics) }, decode);
  return operations;
}

function requestFor(topics: readonly string[]): Buffer {
  const names = topics.flatMap((topic) => {
    const name = Buffer.from(topic);
    return [int16(name.length), name];
  });
  // No topic is made for asking; the cluster's own operations are not asked for, those of the topics are.
  return Buffer.concat([int32(topics.length), ...names, Buffer.from([0, 0, 1])]);
}

interface Decoded {
  /** kafkajs looks here for how long the broker asks it to wait. */
  clientSideThrottleTime: number;
  operations: ReadonlyMap<string, Access>;
}

function decode(bytes: Buffer): Decoded {
  let at = 0;
  const skip = (length: number) => {
    at += length;
  };
  const readInt16 = () => bytes.readInt16BE((at += 2) - 2);
  const readInt32 = () => bytes.readInt32BE((at += 4) - 4);
  const readText = () => {
    const length = Math.max(readInt16(), 0);
    skip(length);
    return bytes.toString('utf8', at - length, at);
  };
  const each = (read: () => void) => {
    for (let left = readInt32(); left > 0; left -= 1) read();
  };
  const clientSideThrottleTime = readInt32();
  each(() => {
    skip(4);
    readText();
    skip(4);
    readText();
  });
  readText();
  skip(4);
  const operations = new Map<string, Access>();
  each(() => {
    const errorCode = readInt16();
    const topic = readText();
    skip(1);
    each(() => {
      // Code, partition, leader and epoch; then replicas, those in sync, and those that are away.
      skip(14);
      for (let list = 0; list < 3; list += 1) each(() => skip(4));
    });
    const bits = readInt32();
    operations.set(topic, errorCode === UNKNOWN_TOPIC ? 'not-there' : accessOf(bits));
  });
  return { clientSideThrottleTime, operations };
}

function accessOf(bits: number): Access {
  if (bits === NOT_SAID) return 'denied';
  const all = Object.keys(BITS) as Operation[];
  return new Set(all.filter((operation) => ((bits >> BITS[operation]) & 1) === 1));
}

const UNKNOWN_TOPIC = 3;
const NOT_SAID = -(2 ** 31);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
