import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { figure, type Measure } from '../figure.ts';
import { copyDurably, makeRegistry } from '../made-up-registry.ts';
import { inTurn, outputOf } from '../measure.ts';
import { benchFile } from '../program.ts';

export const rotation: Measure = (folder) => {
  const made = makeRegistry(folder, 100_000);
  const copy = join(folder, 'copy.db');
  // Each works on a fresh copy in a process of its own, and takes its time itself: neither reading the log nor VACUUM counts.
  const timed = (program: string) => () => {
    copyDurably(made.file, copy);
    const took = Number(outputOf([benchFile(program), copy, made.keyFile], { folder }));
    rmSync(copy);
    return took;
  };
  const { own, floor } = inTurn(
    { own: timed('timed/rotation.ts'), floor: timed('floor/rotation.ts') },
    3,
  );
  return [
    figure(
      { name: 'rotation of 100,000 versions', samples: own },
      { name: 'open, seal, open, open; rows', samples: floor },
      1.5,
    ),
  ];
};
