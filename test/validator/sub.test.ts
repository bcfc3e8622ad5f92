// What Sub of CloudFormation writes for a reference. Whether a file may hold such a text is asked once.
import { expect, test } from 'vitest';
import { cpuTime } from '../cpu-time.ts';
import { validator } from '../../src/validator/validate.ts';

test('1 MiB of what only Sub could read is judged in the time of reading it', async () => {
  const references = '${!a:b:c}'.repeat(2 ** 20 / 9);
  const text = `name: a\nconfig:\n  connector.class: x.Y\n  p: "${references}"\n`;
  const begun = cpuTime();
  const { diagnostics } = await validator()({ file: 'a.yaml', text });
  expect(cpuTime() - begun).toBeLessThan(4000);
  expect(diagnostics).toEqual([]);
});
