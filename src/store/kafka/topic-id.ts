// Which topic of that name it is: one that was deleted and made anew has another id (KIP-516). kafkajs knows Metadata up
// to version 6 and the id comes with version 10, so it is asked for here.
import { protocolError } from './failure.ts';
import { ask, type Broker } from './kafkajs-internals.ts';

const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' };

/** In hexadecimal; undefined where the broker has none. Fails with what it answered, as where it does not know the topic yet. */
export async function topicIdOf(broker: Broker, topic: string): Promise<string | undefined> {
  const { errorCode, id } = await ask(broker, { ...METADATA, body: requestFor(topic) }, topicIn);
  if (errorCode !== 0) throw protocolError(METADATA.apiName, errorCode);
  return id;
}

function requestFor(topic: string): Buffer {
  const name = Buffer.from(topic);
  return Buffer.concat([
    // The end of the header, which is of the flexible kind (KIP-482); one topic, without an id.
    Buffer.from([0, 2, ...Buffer.alloc(16)]),
    unsigned(name.length + 1),
    name,
    // No tagged fields; make nothing; no authorized operations of the cluster, none of the topic; no tagged fields.
    Buffer.from([0, 0, 0, 0, 0]),
  ]);
}

function unsigned(number: number): Buffer {
  return number < 0x80
    ? Buffer.from([number])
    : Buffer.from([(number & 0x7f) | 0x80, number >>> 7]);
}

/** kafkajs looks for a member in what this returns, so it has to be an object. */
function topicIn(answer: Buffer): { errorCode: number; id?: string } {
  let at = 0;
  const skip = (bytes: number) => (at += bytes);
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = answer.readUInt8((at += 1) - 1);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const skipText = () => skip(Math.max(varint() - 1, 0));
  const skipTags = () => {
    for (let left = varint(); left > 0; left -= 1) {
      varint();
      skip(varint());
    }
  };
  skipTags();
  skip(4);
  for (let brokers = varint() - 1; brokers > 0; brokers -= 1) {
    skip(4);
    skipText();
    skip(4);
    skipText();
    skipTags();
  }
  skipText();
  skip(4);
  if (varint() !== 2) return { errorCode: 0 };
  const errorCode = answer.readInt16BE(skip(2) - 2);
  skipText();
  return { errorCode, id: answer.subarray(at, at + 16).toString('hex') };
}
