import { localOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type ServeFlags, serveOptions } from '../serve/options.ts';

export const define: Define = (program, { io }) => {
  const command = program.command('serve').description('serve the registry over HTTP');
  serveOptions(localOptions(command), io.env).action(async (flags: ServeFlags) => {
    const { serve } = await import('../serve/serve.ts');
    await serve(io, flags);
  });
};
