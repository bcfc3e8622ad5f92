// What an operator is told of each setting of the two topics. What a broker does with them is in topics.test.ts.
import { expect, test } from 'vitest';
import { auditSettings, recordSettings } from '../../src/store/kafka/topic-settings.ts';

const RECORDS = {
  'cleanup.policy': 'compact',
  'compression.type': 'uncompressed',
  'max.message.bytes': '2097152',
  'min.compaction.lag.ms': '20001',
  'max.compaction.lag.ms': '86400000',
};
const AUDIT = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'max.message.bytes': '1048588',
  'retention.ms': '-1',
  'retention.bytes': '-1',
};

const settings = (values: Record<string, string>, own = Object.keys(values)) => ({
  values: new Map(Object.entries(values)),
  own: new Set(own),
});
const alarms = (all: ReturnType<typeof auditSettings>) =>
  all
    .filter(({ fact }) => fact.state !== 'ok')
    .map(({ wanted, fact }) => [fact.state, fact.name, fact.text, wanted]);

test('settings that are as they should be raise no alarm, nor do the defaults of Kafka that will do', () => {
  expect(alarms(recordSettings('r', settings(RECORDS), 20_000))).toEqual([]);
  expect(alarms(auditSettings('a', settings(AUDIT, [])))).toEqual([]);
});

test.each([
  ['cleanup.policy', 'compact,delete', 'fail', 'policy', /has to be exactly compact/, 'compact'],
  ['compression.type', 'gzip', 'fail', 'compression', /has to be uncompressed/, 'uncompressed'],
  ['max.message.bytes', '1048588', 'fail', 'record size', /need 2097152$/, '8388608'],
  ['min.compaction.lag.ms', '20000', 'fail', 'compaction', /longer than 20000/, '60000'],
  [
    'max.compaction.lag.ms',
    '9223372036854775807',
    'warn',
    'compaction limit',
    /replaced or deleted may stay in the topic for ever$/,
    '86400000',
  ],
])('of the topic of records, %s=%s: %s', (name, value, state, fact, text, right) => {
  const changed = settings({ ...RECORDS, [name]: value });
  expect(alarms(recordSettings('r', changed, 20_000))).toEqual([
    [state, fact, expect.stringMatching(text), `${name}=${right}`],
  ]);
});

test.each([
  ['cleanup.policy', 'compact', 'fail', 'audit policy', /takes no audit line/, 'delete'],
  ['cleanup.policy', 'compact,delete', 'fail', 'audit policy', /takes no audit line/, 'delete'],
  ['compression.type', 'gzip', 'fail', 'audit compression', /uncompressed/, 'uncompressed'],
  ['max.message.bytes', '1048587', 'warn', 'audit size', /batch of up to 1048588/, '8388608'],
  ['retention.bytes', '1000', 'warn', 'audit retention', /about 1 audit line, the oldest/, '-1'],
  ['retention.bytes', '9000', 'warn', 'audit retention', /about 10 audit lines, the/, '-1'],
])('of the audit topic, %s=%s: %s', (name, value, state, fact, text, right) => {
  expect(alarms(auditSettings('a', settings({ ...AUDIT, [name]: value })))).toEqual([
    [state, fact, expect.stringMatching(text), `${name}=${right}`],
  ]);
});

test('a time for audit lines is right where somebody set it for the topic, and told where nobody did', () => {
  const week = { ...AUDIT, 'retention.ms': '604800000' };
  const told = 'retention.ms of a is 604800000, so audit lines are removed after 7 days';
  expect(alarms(auditSettings('a', settings(week)))).toEqual([]);
  expect(auditSettings('a', settings(week)).map(({ fact }) => fact.text)).toContain(told);
  const why = 'that is the default of the cluster, and nobody decided on it for this topic';
  expect(alarms(auditSettings('a', settings(week, [])))).toEqual([
    ['warn', 'audit retention', `${told}: ${why}`, 'retention.ms=-1'],
  ]);
});
