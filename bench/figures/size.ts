import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, figure, type Measure } from '../figure.ts';
import { copyDurably, makeRegistry } from '../made-up-registry.ts';
import { outputOf } from '../measure.ts';
import { benchFile } from '../program.ts';
import type { SizeTimes } from '../timed/size.ts';

const SIZES = [1000, 10_000, 100_000];
const ROUNDS = 7;
const OPERATIONS = ['read', 'write', 'list'] as const;

/** Reads, writes and lists one path of an open registry; the larger ones beside the smallest. */
export const size: Measure = (folder) => {
  const registries = SIZES.map((secrets) => makeRegistry(folder, secrets));
  const copy = join(folder, 'copy.db');
  const rounds = new Map<number, SizeTimes[]>(SIZES.map((secrets) => [secrets, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { file, keyFile, secrets } of registries) {
      copyDurably(file, copy);
      const args = [benchFile('timed/size.ts'), copy, keyFile, String(secrets)];
      rounds.get(secrets)?.push(JSON.parse(outputOf(args, { folder })) as SizeTimes);
      rmSync(copy);
    }
  }
  return OPERATIONS.flatMap((operation): Figure[] => {
    const [least, ...larger] = [...rounds].map(([secrets, times]) => ({
      name: `${operation} at ${secrets.toLocaleString('en')}`,
      samples: times.map((one) => one[operation]),
    }));
    return larger.map((one) => figure(one, least!, 1.3));
  });
};
