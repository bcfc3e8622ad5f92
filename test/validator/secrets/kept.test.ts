// What is kept from one file to the next does not hold the files.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Kept } from '../../../src/validator/secrets/kept.ts';
import { validator } from '../../../src/validator/validate.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** In bytes, by which the heap grows. */
async function growth(run: () => Promise<unknown>): Promise<number> {
  await run();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let times = 0; times < 50; times += 1) await run();
  collect();
  return process.memoryUsage().heapUsed - before;
}

let number = 0;

test.each([
  ['a value that holds no credential', () => `y: harmless value number ${number}`],
  ['a class', () => `connector.class: com.example.connect.ClassNumber${number}`],
  ['a class as long as a file', () => `connector.class: X${number}${'c'.repeat(500_000)}`],
  ['a name inside of a value', () => `y: https://example/?parameter.number.${number}=x`],
])('of a file with %s nothing stays but that', async (_what, line) => {
  const check = validator();
  const grown = await growth(() => {
    number += 1;
    const text = `name: orders\ntasks.max: 1\n${line()}\nfilling: ${'x'.repeat(500_000)}\n`;
    return check({ file: 'x', text });
  });
  // Fifty files are 25 MB.
  expect(grown).toBeLessThan(8_000_000);
});

test('so many answers are kept, about texts of so many characters', () => {
  const kept = new Kept<number>({ most: 2, longest: 3 });
  let made = 0;
  const ask = (text: string) => kept.of(text, () => (made += 1));
  for (const text of ['a', 'bbbb', 'ccc', 'd']) ask(text);
  expect(['a', 'bbbb', 'ccc', 'd'].map(ask)).toEqual([1, 5, 3, 6]);
});
