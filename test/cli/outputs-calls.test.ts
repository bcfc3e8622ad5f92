// Row F of quality.md, by the calls of the system: each file is new when it is made, its mode is set on the file itself, and
// its name is on the disk when the command ends.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeTraced } from '../process/strace.ts';
import { CREATING, creationsIn } from './creations.ts';
import { cases, contentFor, newHome, putFile, run } from './outputs-home.ts';

describeTraced('by the calls of the system', () => {
  test.each(cases(({ mode }) => mode !== 'appended'))(
    '$title ($by) is new, synced, and not followed',
    async ({ output }) => {
      const { line, place } = newHome(output);
      // What is written over has a mode that is kept, or made narrower.
      if (output.fates.file === 'replaced') putFile(place, contentFor(line, output), 0o644);
      const log = join(line.home, 'strace.log');
      const through = ['strace', '-f', '-y', '-qq', '-o', log, '-e', `trace=${CREATING.join()}`];
      const { end } = await run(line, output, { through });
      const { made, ...faults } = creationsIn(log, line.home);
      expect([end, faults]).toEqual([0, { loose: [], byName: [], unsynced: [] }]);
      expect(made).toBeGreaterThan(0);
    },
  );
});
