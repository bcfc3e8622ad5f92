// `npm run kafka`: a real Apache Kafka broker on a free port, for trying a registry in a topic. Ends, and takes its data
// with it, at Ctrl-C, or where its terminal is closed.
import { once } from 'node:events';
import { Broker } from '../test/kafka/broker.ts';
import { KAFKA_VERSION, missingTool } from '../test/kafka/install.ts';

const missing = missingTool();
if (missing === undefined) await run();
else {
  console.error(`kafka: there is no ${missing} here\nhint: install Java 17 and Maven`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  // Listened for from now on: one that comes while it starts ends it as soon as it has.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal));
  console.error('starting; the first time Maven fetches 44 MB');
  const broker = await Broker.start();
  console.log(`Apache Kafka ${KAFKA_VERSION} is on ${broker.address}, until Ctrl-C: its data goes with it, every secret in it too

export SECRETREG_REGISTRY=kafka://${broker.address}/_secretreg
npx secretreg init
npx secretreg put orders password`);
  const log = await Promise.race([broker.ended(), ...signals]);
  await broker.stop();
  if (typeof log !== 'string') return;
  console.error(`${log}\nkafka: the broker has ended by itself, and its data is gone with it`);
  process.exitCode = 1;
}
