import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { CommandLine } from '../command-line.ts';
import { runningProcesses } from '../running.ts';
import { passThrough } from './pass-through.ts';

const line = new CommandLine();
afterAll(() => line.remove());
const running = runningProcesses();

test('no command leaves or shows a secret, over REST', async () => {
  await passThrough(line, 'REST', join(line.home, 'registry.db'), running);
}, 600_000);
