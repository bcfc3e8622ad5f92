import { figure, type Measure } from '../figure.ts';
import { inTurn, timeNode } from '../measure.ts';
import { SECRETREG } from '../program.ts';

export const version: Measure = (folder) => {
  const { own, floor } = inTurn(
    {
      own: () => timeNode([SECRETREG, '--version'], { folder }),
      floor: () => timeNode(['-e', '0'], { folder }),
    },
    60,
  );
  const name = 'secretreg --version';
  return [figure({ name, samples: own }, { name: 'node -e 0', samples: floor }, 1.2)];
};
