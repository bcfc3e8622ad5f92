// Sessions on a broker with TLS, log-ins and rights, on one whose transactions cannot work, and on two that die.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playPage } from '../scripts/session.ts';
import { aclLines } from '../../src/store/kafka/acls.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { SecureBroker } from './secure-broker.ts';

describeKafka('session pages on a broker', () => {
  let secure: SecureBroker;
  let forThree: Broker;
  let dying: Broker;
  let ending: Broker;
  beforeAll(async () => {
    secure = await SecureBroker.start({ users: ['admin', 'app'] });
    const topics = { records: 'too-large', audit: 'too-large-audit' };
    const bootstrapServer = `localhost:${secure.ports.saslSsl}`;
    await secure.run(aclLines(topics, 'writer', { principal: 'User:app', bootstrapServer }));
    dying = await Broker.start();
    ending = await Broker.start();
    forThree = await Broker.start({
      properties: {
        'transaction.state.log.replication.factor': '3',
        'transaction.state.log.min.isr': '2',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await secure.stop();
    await forThree.stop();
    await dying.stop();
    await ending.stop();
  });

  test.each(['settings', 'log-ins', 'rights', 'brokers', 'too-large', 'broken-off', 'trail'])(
    '%s',
    async (name) => {
      const { authority, stranger, client, password } = secure.certificates;
      const others = [forThree, dying, ending].map(({ port }) => port);
      const ports = [...Object.values(secure.ports), ...others];
      const { expected, actual } = playPage(`test/kafka/pages/${name}.md`, {
        env: {
          BROKER: `localhost:${secure.ports.saslSsl}`,
          BROKER_BY_ADDRESS: `127.0.0.1:${secure.ports.saslSsl}`,
          CLEAR: `localhost:${secure.ports.saslPlaintext}`,
          CERTIFICATES: `localhost:${secure.ports.ssl}`,
          INNER: secure.inner,
          FOR_THREE: forThree.address,
          DYING: dying.address,
          DYING_PID: String(dying.pid),
          ENDING: ending.address,
          ENDING_PID: String(ending.pid),
          CA: authority,
          STRANGER: stranger,
          CLIENT: client,
          KEY_PASSWORD: password,
          MODULE: 'org.apache.kafka.common.security.plain.PlainLoginModule required',
          SCRAM: 'org.apache.kafka.common.security.scram.ScramLoginModule required',
        },
        stands: [
          [secure.inner, '$INNER'],
          [authority, '$CA'],
          ...ports.map((port) => [`:${port}`, ':<port>'] as const),
        ],
      });
      expect(actual).toBe(expected);
    },
  );
});
