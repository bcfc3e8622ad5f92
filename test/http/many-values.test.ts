// A body is looked at value by value before anybody knows whether its sender may do anything.
import { expect, test } from 'vitest';
import { parseBody } from '../../src/http/body.ts';
import { serve } from './serving.ts';

test('a body of millions of values is refused before they are all looked at', async () => {
  const { ask } = await serve();
  for (const value of ['{}', '1', '[]', '""']) {
    const body = `{"writes":[${`${value},`.repeat(5_000_000 / value.length)}1]}`;
    const begun = performance.now();
    const { status, json } = await ask('POST', '/secret/writes', { body });
    expect([value, status]).toEqual([value, 400]);
    expect(json).toMatchObject({ message: expect.stringContaining('more than 100000 values') });
    // Minutes, where it looks at them all.
    expect(performance.now() - begun).toBeLessThan(5000);
  }
});

test('what a client sends is far below', () => {
  const writes = Array.from({ length: 20_000 }, (_, i) => ({
    path: `p${i}`,
    key: 'k',
    secret: 'a value',
  }));
  const text = JSON.stringify({ writes });
  expect(parseBody(Buffer.from(text))).toEqual({ writes });
});
