// The line 22 of Node.js, which package.json promises too: sessions of every part of the program, with the same output.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { whole } from '../kafka/install.ts';
import { playPage } from './session.ts';

/** The newest of the line. Fetched once; copies of this tree, in which faults are planted, share one. */
const VERSION = '22.23.3';
const ROOT = process.env['SECRETREG_TEST_NODE_22'] ?? resolve('.node-22');
const NODE = join(ROOT, 'node_modules/node/bin/node');

beforeAll(async () => {
  const fetch = async (folder: string) => {
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', `node@${VERSION}`];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  if (!existsSync(ROOT)) await whole(ROOT, fetch);
  expect(execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim()).toBe(`v${VERSION}`);
}, 120_000);

const PAGES = [
  ...['audit', 'backup', 'externalize', 'formats', 'metadata', 'over-rest', 'reports', 'resolve'],
  ...['rotation', 'run', 'transfer', 'validate-facts', 'values-refused', 'where-used'],
];

describe.concurrent('session pages on Node.js 22', () => {
  test.each(PAGES)('%s', async (page) => {
    const { expected, actual } = playPage(`test/scripts/${page}.md`, { node: NODE });
    expect(actual).toBe(expected);
  });
});
