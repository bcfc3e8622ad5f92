import { Broker } from '../../test/kafka/broker.ts';
import { type Figure, figure, type Measure } from '../figure.ts';
import { inTurn, outputOf } from '../measure.ts';
import { benchFile } from '../program.ts';

const TOPIC = 'bench';
const SECRETS = 100_000;

const FIGURES = [
  {
    what: 'write',
    name: 'Kafka write, held claim',
    floor: 'bare transaction',
    budget: 1.3,
    rounds: 5,
  },
  {
    what: 'start',
    name: 'Kafka start, 100,000 versions',
    floor: 'fetch, parse, HMAC',
    budget: 2,
    rounds: 5,
  },
  { what: 'idle', name: 'Kafka idle, 5 s', floor: 'kafkajs consumer, 5 s', budget: 0.2, rounds: 2 },
  {
    what: 'read',
    name: '5,000 audited reads, 100 at once',
    floor: 'grouped produce',
    budget: 2,
    rounds: 5,
  },
];

/** A registry in a topic of a broker of its own. */
export const kafka: Measure = async (folder) => {
  const broker = await Broker.start();
  try {
    const make = (topic: string, secrets: number) =>
      outputOf([benchFile('made-up-topic.ts'), broker.address, topic, String(secrets)], { folder });
    make(TOPIC, SECRETS);
    make(`${TOPIC}-read`, 1000);
    return FIGURES.map(({ what, name, floor: floorName, budget, rounds }): Figure => {
      const timed = (program: string) => () =>
        Number(outputOf([benchFile(program), what, broker.address, TOPIC], { folder }));
      const contestants = { own: timed('timed/kafka.ts'), floor: timed('floor/kafka.ts') };
      const { own, floor } = inTurn(contestants, rounds);
      return figure({ name, samples: own }, { name: floorName, samples: floor }, budget);
    });
  } finally {
    await broker.stop();
  }
};
