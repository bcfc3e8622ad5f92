import { join } from 'node:path';
import { figure, type Measure } from '../figure.ts';
import { makeConnectors, makeResources } from '../made-up-connectors.ts';
import { inTurn, median, timeNode } from '../measure.ts';
import { benchFile, SECRETREG } from '../program.ts';

export const validate: Measure = (folder) => {
  const files = join(folder, 'connectors');
  makeConnectors(files, 10_000);
  const { own, one, floor, start } = inTurn(
    {
      // One in a hundred has a finding, so the right exit code is 1.
      own: () => timeNode([SECRETREG, 'validate', files], { folder, exit: 1 }),
      one: () => timeNode([SECRETREG, 'validate', files, '--jobs', '1'], { folder, exit: 1 }),
      floor: () => timeNode([benchFile('floor/parse.mjs'), files], { folder }),
      start: () => timeNode(['-e', '0'], { folder }),
    },
    15,
  );
  const startUp = median(start);
  const without = (samples: readonly number[]) => samples.map((one) => one - startUp);
  const resources = join(folder, 'resources');
  makeResources(resources, 10_000);
  const yaml = inTurn(
    {
      own: () => timeNode([SECRETREG, 'validate', resources], { folder, exit: 1 }),
      one: () => timeNode([SECRETREG, 'validate', resources, '--jobs', '1'], { folder, exit: 1 }),
      floor: () => timeNode([benchFile('floor/parse-yaml.mjs'), resources], { folder }),
    },
    3,
  );
  const library = { name: 'the library parses them', samples: yaml.floor };
  const name = 'validate of 10,000 files';
  const floorName = 'read and JSON.parse';
  return [
    figure({ name, samples: own }, { name: floorName, samples: floor }, 2),
    figure({ name: `${name}, one thread`, samples: one }, { name: floorName, samples: floor }, 2),
    figure({ name: `${name} of YAML`, samples: yaml.own }, library, 2),
    figure({ name: `${name} of YAML, one thread`, samples: yaml.one }, library, 2),
    figure(
      { name: `${name}, less node -e 0`, samples: without(own) },
      { name: `${floorName}, less the same`, samples: without(floor) },
      2,
    ),
  ];
};
