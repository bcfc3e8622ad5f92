import { localOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type ServeFlags, serveOptions } from '../serve/options.ts';

export const define: Define = (program, { io }) => {
  const command = program.command('serve').description('serve the registry over HTTP');
  withExamples(
    command,
    'secretreg serve',
    'secretreg serve --listen 0.0.0.0:8185 --tls-cert server.pem --tls-key server.key',
    'secretreg serve --dev',
  );
  serveOptions(localOptions(command), io.env).action(async (flags: ServeFlags) => {
    const { serve } = await import('../serve/serve.ts');
    await serve(io, flags);
  });
};
