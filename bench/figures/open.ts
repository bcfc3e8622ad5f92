import { figure, type Measure } from '../figure.ts';
import { makeRegistry } from '../made-up-registry.ts';
import { inTurn, outputOf } from '../measure.ts';
import { benchFile } from '../program.ts';
import type { Opened } from '../timed/open.ts';

const VERSIONS = 100_000;
const ROUNDS = 5;

/** A whole registry in a file, as a server holds it: how long until it is read, and what it takes of the memory. */
export const open: Measure = (folder) => {
  const { file, keyFile } = makeRegistry(folder, VERSIONS);
  const memory: number[] = [];
  const bytes: number[] = [];
  const opened = (program: string, sizes: number[]) => () => {
    const args = ['--expose-gc', benchFile(program), file, keyFile];
    const { took, size } = JSON.parse(outputOf(args, { folder })) as Opened;
    sizes.push(size / VERSIONS);
    return took;
  };
  const { own, floor } = inTurn(
    { own: opened('timed/open.ts', memory), floor: opened('floor/open.mjs', bytes) },
    ROUNDS,
  );
  return [
    figure(
      { name: 'start on a file, 100,000 versions', samples: own },
      { name: 'rows, parse, HMAC', samples: floor },
      1.5,
    ),
    {
      ...figure(
        { name: 'memory of a version', samples: memory },
        { name: 'bytes of its records', samples: bytes },
        4,
      ),
      unit: 'B',
    },
  ];
};
