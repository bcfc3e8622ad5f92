import { expect, test } from 'vitest';
import { parseRecord, recordText } from '../../src/connect/record-text.ts';

const content = {
  registry: '0'.repeat(32),
  cluster: 'cluster',
  connectors: new Map([
    ['orders', [{ path: 'orders', key: 'password', version: 3 }]],
    ['__proto__', [{ path: 'constructor', key: 'toString', version: 1 }]],
    ['idle', []],
  ]),
};

test('what is written is read', () => {
  expect(parseRecord(recordText(content))).toEqual(content);
});

test('the same record is the same text, whatever the order of its connectors', () => {
  const turned = new Map([...content.connectors].reverse());
  expect(recordText({ ...content, connectors: turned })).toBe(recordText(content));
});

test.each<[string, string]>([
  ['nothing', ''],
  ['no JSON', 'hunter2'],
  ['JSON of something else', '{"a":1}'],
  ['null', 'null'],
  ['another format', recordText(content).replace('"format": 1', '"format": 2')],
  ['a version that is none', recordText(content).replace('"version": 3', '"version": "3"')],
  ['a connector without a name', recordText(content).replace('"name": "idle"', '"title": "idle"')],
])('%s is no record', (_, text) => {
  expect(parseRecord(text)).toBeUndefined();
});
