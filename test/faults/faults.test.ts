// A planted fault whose text is gone from the source plants nothing: `npm run faults` would have to be mended first.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faults } from './faults.ts';
import { pluginFaults } from './plugin-faults.ts';

test.each([...faults, ...pluginFaults])(
  '$name can be planted',
  ({ file, find, replace, test: catcher }) => {
    expect(readFileSync(file, 'utf8').split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
    expect(existsSync(catcher)).toBe(true);
  },
);
