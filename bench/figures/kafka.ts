import { Broker } from '../../test/kafka/broker.ts';
import { type Figure, figure, type Measure } from '../figure.ts';
import { inTurn, outputOf } from '../measure.ts';
import { SECRETS_TO_READ } from '../kafka-sizes.ts';
import { benchFile } from '../program.ts';

const TOPIC = 'bench';
const SECRETS = 100_000;

const WRITE = { floor: 'write', floorName: 'bare transaction', budget: 1.3, rounds: 5 };
const START = { floor: 'start', floorName: 'fetch, parse, HMAC', budget: 2, rounds: 5 };
const IDLE = { floor: 'idle', floorName: 'kafkajs consumer, 5 s', budget: 0.2, rounds: 2 };
const READ = { floor: 'read', floorName: 'grouped produce', budget: 2, rounds: 5 };

const FIGURES = [
  { what: 'write', name: 'Kafka write, held claim', ...WRITE },
  { what: 'store-start', name: 'Kafka start, 100,000 versions, store alone', ...START },
  { what: 'start', name: 'Kafka start, 100,000 versions', ...START },
  { what: 'idle', name: 'Kafka idle, 5 s', ...IDLE },
  { what: 'store-read', name: '20,000 audited reads, 100 at once, store alone', ...READ },
  { what: 'read', name: '20,000 audited reads, 100 at once', ...READ },
];

/** A registry in a topic of a broker of its own. */
export const kafka: Measure = async (folder) => {
  const broker = await Broker.start();
  try {
    const make = (topic: string, secrets: number) =>
      outputOf([benchFile('made-up-topic.ts'), broker.address, topic, String(secrets)], { folder });
    make(TOPIC, SECRETS);
    make(`${TOPIC}-read`, SECRETS_TO_READ);
    return FIGURES.map(({ what, name, floor: bare, floorName, budget, rounds }): Figure => {
      const timed = (program: string, part: string) => () =>
        Number(outputOf([benchFile(program), part, broker.address, TOPIC], { folder }));
      const own = timed('timed/kafka.ts', what);
      const samples = inTurn({ own, floor: timed('floor/kafka.ts', bare) }, rounds);
      return figure(
        { name, samples: samples.own },
        { name: floorName, samples: samples.floor },
        budget,
      );
    });
  } finally {
    await broker.stop();
  }
};
