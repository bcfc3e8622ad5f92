import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceable } from '../../src/cli/render/folder.ts';

const { uid } = userInfo();
const SOMEBODY = 65_534;

let above: string;
let folder: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'secretreg-above-'));
  folder = join(above, 'own');
  mkdirSync(folder);
});
afterEach(() => rmSync(above, { recursive: true }));

test('a folder below folders of root and of our own stays where it is', () => {
  expect(replaceable(folder)).toBeUndefined();
});

test.each([0o755, 0o1777])(
  'whom a folder above belongs to can put another one there, with mode %o too',
  (mode) => {
    chmodSync(above, mode);
    // Only root gives a folder away: for others the one who asks is another one.
    if (uid === 0) chownSync(above, SOMEBODY, SOMEBODY);
    const asking = uid === 0 ? uid : SOMEBODY;
    expect(replaceable(folder, asking)).toBe(
      `it could be replaced in '${above}': that folder belongs to another user`,
    );
  },
);
