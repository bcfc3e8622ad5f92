// Every credential of the corpus becomes a reference, in every shape, and comes back.
import { expect, test } from 'vitest';
import { readSource } from '../../src/documents/read.ts';
import { hasCode } from '../../src/errors.ts';
import { externalize, internalize } from '../../src/validator/externalize.ts';
import { providersOf, shapeOptions } from '../../src/validator/validate.ts';
import { corpusFiles, shapeOf, shapes, textOf } from './corpus.ts';

const OPTIONS = { provider: 'secret', keys: new Map(), connectorName: 'given' };
const shape = shapeOptions(providersOf({}));

async function settingsIn(text: string) {
  const { connectors } = await readSource(text, shape);
  return connectors.map(({ name, entries }) => [
    name,
    entries.map(({ key, value }) => [key, value]),
  ]);
}

test('what a file of the corpus has in clear becomes references, and comes back as it was', async () => {
  const moved = new Map<string, number>();
  const refused: string[] = [];
  for (const file of corpusFiles) {
    const text = textOf(file);
    try {
      const { text: after, secrets } = await externalize({ file, text }, OPTIONS);
      const again = await externalize({ file, text: after }, OPTIONS);
      expect([file, again.secrets.length]).toEqual([file, 0]);
      const restored = await internalize({ file, text: after }, secrets, 'secret');
      expect([file, await settingsIn(restored)]).toEqual([file, await settingsIn(text)]);
      moved.set(shapeOf(file), (moved.get(shapeOf(file)) ?? 0) + secrets.length);
    } catch (error) {
      if (!hasCode(error, 'file-unreadable')) throw error;
      refused.push(file);
    }
  }
  const without = shapes.filter((one) => !moved.get(one));
  expect(without).toEqual(['no-connectors', 'templates']);
  const problems = async (file: string) =>
    (await readSource(textOf(file), shape)).documents.flatMap((document) => document.problems);
  for (const file of refused) expect([file, await problems(file)]).not.toEqual([file, []]);
});
