import { escapedJson } from '../../domain/escaped-json.ts';
import { showBinding } from '../../domain/access.ts';
import type { Identity } from '../../domain/access-admin.ts';
import { withAccess } from '../access-session.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { jsonOption } from '../formats.ts';
import { print } from '../io.ts';
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
    await print(io, asJson ? `${escapedJson(identity, 2)}\n` : asText(identity));
  });
};

function asText({ principal, mechanism, grants, token }: Identity): string {
  const lines = [
    `principal  ${principal}`,
    `proved by  ${mechanism}`,
    ...(token ? [`token      ${token.id}, until ${token.expiresAt}`] : []),
    ...(token?.limit ? [`limited to ${showBinding(token.limit)}`] : []),
    ...grants.map((grant) => `role       ${showBinding(grant)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
