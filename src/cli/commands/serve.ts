import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { serveOptions, type ServeFlags } from '../serve/settings.ts';

export const define: Define = (program, { io }) => {
  const command = program.command('serve').description('serve the registry over HTTP');
  serveOptions(sharedOptions(command)).action(async (flags: ServeFlags) => {
    const { serve } = await import('../serve/serve.ts');
    await serve(io, flags);
  });
};
