import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { playPage } from './session.ts';

describe.concurrent('session pages', () => {
  for (const file of globSync('test/scripts/*.md').sort()) {
    test(file, async () => {
      const { expected, actual } = playPage(file);
      expect(actual).toBe(expected);
    });
  }
});
