// Whoever is logged in may ask for a validation, without any right: it must not hold the server.
import { expect, test } from 'vitest';
import { write } from '../registry/fixture.ts';
import { serve } from './serving.ts';

const file = (value: string) => ({
  name: 'a.json',
  text: JSON.stringify({ name: 'orders', config: { 'connector.class': 'x', value } }),
});
const wrong = (count: number) =>
  Array.from({ length: count }, (_, i) => `\${secret:orders:pasword.${i}x}`).join('');

test('files with more faults than anybody reads are refused', async () => {
  const { ask, registry } = await serve();
  await registry.write(Array.from({ length: 20 }, (_, i) => write('orders', `password.${i}`, 'x')));
  const validate = async (...values: string[]) =>
    (await ask('POST', '/validate', { body: { files: values.map(file) } })).status;
  expect(await validate(wrong(1000), wrong(1000))).toBe(200);
  expect(await validate(wrong(1000), wrong(1001))).toBe(400);
  for (const text of ['${secret:x:y}'.repeat(60_000), '${secret:'.repeat(90_000)]) {
    expect(await validate(text)).toBe(400);
  }
});
