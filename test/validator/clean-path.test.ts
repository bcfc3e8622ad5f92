// Ten thousand right files must cost little more than JSON.parse: no places are looked up for them.
import { visit } from 'jsonc-parser';
import { expect, test, vi } from 'vitest';
import { validate } from '../../src/validator/validate.ts';

vi.mock('jsonc-parser', { spy: true });

const config = (path: string) =>
  JSON.stringify({
    name: 'orders',
    config: {
      name: 'orders',
      'connector.class': 'X',
      p: `\${secret:${path}:p}`,
      q: '${topic} ${VAR:-x} ${env:Q}',
    },
  });

test('the parser that knows places is called for a file with a finding, and for no other', async () => {
  const existence = {
    paths: () => ['orders'],
    keys: () => new Map([['p', { state: 'enabled' as const, version: 1 }]]),
  };
  const right = [
    config('orders'),
    `[${config('orders')}]`,
    '{"scripts":{}}',
    `\uFEFF${config('orders')}`,
  ];
  await validate(
    right.map((text) => ({ file: 'a.json', text })),
    { existence },
  );
  expect(visit).not.toHaveBeenCalled();
  await validate([{ file: 'a.json', text: config('payments') }], { existence });
  expect(visit).toHaveBeenCalled();
});
