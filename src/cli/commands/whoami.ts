import { escapedJson } from '../../domain/escaped-json.ts';
import { showBinding } from '../../domain/access.ts';
import type { Identity } from '../../domain/access-admin.ts';
import { withAccess } from '../access-session.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { jsonOption } from '../formats.ts';
import { print, printLines } from '../io.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('whoami')
    .description('who you are to the registry, how that is proved, and what you may do')
    .option('-o, --output <format>', 'json');
  withExamples(command, 'secretreg whoami --context lab');
  sharedOptions(command).action(async (flags: Flags) => {
    const asJson = jsonOption(flags.output);
    const identity = await withAccess(io, flags, (admin) => admin.whoami());
    if (asJson) await print(io, `${escapedJson(identity, 2)}\n`);
    else await printLines(io, linesOf(identity));
  });
};

function linesOf({ principal, mechanism, grants, token }: Identity): string[] {
  return [
    `principal  ${principal}`,
    `proved by  ${mechanism}`,
    ...(token ? [`token      ${token.id}, until ${token.expiresAt}`] : []),
    ...(token?.limit ? [`limited to ${showBinding(token.limit)}`] : []),
    ...grants.map((grant) => `role       ${showBinding(grant)}`),
  ];
}
