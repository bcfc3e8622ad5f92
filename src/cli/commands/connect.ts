// Connect workers: one file for each command.
import type { Define } from '../command.ts';
import { defineCheck } from './connect-check.ts';
import { defineSync } from './connect-sync.ts';

const commands: readonly Define[] = [defineSync, defineCheck];

export const define: Define = (program, context) => {
  const connect = program
    .command('connect')
    .description(
      'Connect workers: bring connectors to the newest versions of their secrets, and check them',
    );
  for (const defineOne of commands) defineOne(connect, context);
};
