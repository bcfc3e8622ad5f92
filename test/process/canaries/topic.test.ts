import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { Broker } from '../../kafka/broker.ts';
import { describeKafka } from '../../kafka/describe-kafka.ts';
import { segments } from '../both-stores.ts';
import { CommandLine } from '../command-line.ts';
import { runningProcesses } from '../running.ts';
import { passThrough } from './pass-through.ts';

describeKafka('no command leaves or shows a secret', () => {
  const line = new CommandLine();
  const running = runningProcesses();
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(async () => {
    line.remove();
    await broker.stop();
  });

  test('over a topic', async () => {
    const data = join(broker.folder, 'data');
    await passThrough(line, 'topic', `kafka://${broker.address}/canaries`, running, () => [
      segments(join(data, 'canaries-0')),
      segments(join(data, 'canaries-audit-0')),
      readFileSync(join(broker.folder, 'broker.log')),
    ]);
  }, 600_000);
});
