// Every command, in the order of the help.
import type { CommandEntry } from '../command.ts';

export const commands: readonly CommandEntry[] = [
  { name: 'init', load: () => import('./init.ts') },
  { name: 'keygen', load: () => import('./keygen.ts') },
  { name: 'put', alias: 'create', load: () => import('./put.ts') },
  { name: 'get', load: () => import('./get.ts') },
  { name: 'list', alias: 'ls', load: () => import('./list.ts') },
  { name: 'history', load: () => import('./history.ts') },
  { name: 'delete', alias: 'rm', load: () => import('./delete.ts') },
  { name: 'restore', load: () => import('./restore.ts') },
  { name: 'metadata', load: () => import('./metadata.ts') },
  { name: 'report', load: () => import('./report.ts') },
  { name: 'rotate', load: () => import('./rotate.ts') },
  { name: 'validate', load: () => import('./validate.ts') },
  { name: 'resolve', load: () => import('./resolve.ts') },
  { name: 'run', load: () => import('./run.ts') },
  { name: 'import', load: () => import('./import.ts') },
  { name: 'export', load: () => import('./export.ts') },
  { name: 'migrate', load: () => import('./migrate.ts') },
  { name: 'serve', load: () => import('./serve.ts') },
  { name: 'audit', load: () => import('./audit.ts') },
  { name: 'access', load: () => import('./access.ts') },
  { name: 'whoami', load: () => import('./whoami.ts') },
  { name: 'context', load: () => import('./context.ts') },
  { name: 'doctor', load: () => import('./doctor.ts') },
  { name: 'completion', load: () => import('./completion.ts') },
];
