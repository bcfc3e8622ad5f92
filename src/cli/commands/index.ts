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
  { name: 'manifest', load: () => import('./manifest.ts') },
  { name: 'where-used', load: () => import('./where-used.ts') },
  { name: 'externalize', load: () => import('./externalize.ts') },
  { name: 'resolve', load: () => import('./resolve.ts') },
  { name: 'render', load: () => import('./render.ts') },
  { name: 'run', load: () => import('./run.ts') },
  { name: 'import', load: () => import('./import.ts') },
  { name: 'export', load: () => import('./export.ts') },
  { name: 'backup', load: () => import('./backup.ts') },
  { name: 'migrate', load: () => import('./migrate.ts') },
  { name: 'connect', load: () => import('./connect.ts') },
  { name: 'serve', load: () => import('./serve.ts') },
  { name: 'audit', load: () => import('./audit.ts') },
  { name: 'access', load: () => import('./access.ts') },
  { name: 'whoami', load: () => import('./whoami.ts') },
  { name: 'context', load: () => import('./context.ts') },
  { name: 'doctor', load: () => import('./doctor.ts') },
  { name: 'completion', load: () => import('./completion.ts') },
];

/** By its name or its alias. */
export function commandCalled(word: string): CommandEntry | undefined {
  return commands.find(({ name, alias }) => name === word || alias === word);
}
