import { expect, test } from 'vitest';
import { fingerprints } from '../../src/validator/fingerprint.ts';
import { validate } from '../../src/validator/validate.ts';

const config = (settings: string) =>
  `{"name":"orders","config":{"connector.class":"X",${settings}}}`;

async function of(text: string, file = 'connectors/orders.json'): Promise<string[]> {
  const [report] = await validate([{ file, text }]);
  if (report === undefined) throw new Error('no report');
  return fingerprints(report);
}

test('a finding keeps its fingerprint when its line moves', async () => {
  const before = await of(config('"a":"${secret:payments:p}"'));
  expect(before).toHaveLength(1);
  expect(await of(`\n\n${config('"b":"c",\n  "a":"${secret:shipping:p}"')}`)).toEqual(before);
  expect(await of(config('"a":"${secret:payments:p}"'), 'connectors\\orders.json')).toEqual(before);
});

test('findings that differ in rule, file, connector, setting or count have fingerprints of their own', async () => {
  const all = [
    ...(await of(config('"a":"${secret:payments:p}"'))),
    ...(await of(config('"a":"${secret:payments:p}"'), 'orders.json')),
    ...(await of(config('"b":"${secret:payments:p}"'))),
    ...(await of(config('"a":"${secret:orders"'))),
    ...(await of(config('"c":"${secret:payments:p} ${secret:payments:q}"'))),
    ...(await of(config('"a":"${secret:payments:p}"').replace('orders', 'other'))),
  ];
  expect(new Set(all).size).toBe(7);
});
