// Connect workers: one file for each command.
import type { Define } from '../command.ts';
import { defineSync } from './connect-sync.ts';

const commands: readonly Define[] = [defineSync];

export const define: Define = (program, context) => {
  const connect = program
    .command('connect')
    .description('Connect workers: bring connectors to the newest versions of their secrets');
  for (const defineOne of commands) defineOne(connect, context);
};
