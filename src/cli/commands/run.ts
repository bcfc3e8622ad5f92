import { constants } from 'node:os';
import { spawn } from 'node:child_process';
import type { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { pathArgument, sharedOptions } from '../arguments.ts';
import { environmentFor } from '../child-environment.ts';
import type { Define } from '../command.ts';
import type { Io } from '../io.ts';
import { reasonOf } from '../output-file.ts';
import { resolvedSettings } from '../resolved-connector.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  connector?: string;
  path?: string;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('run')
    .description('run a command with secrets in its environment; its exit code is passed on')
    .option(
      '--connector <file>',
      'the settings of this connector that hold references: connection.password is CONNECTION_PASSWORD',
    )
    .option('--path <path>', 'the secrets of this path: key password is PASSWORD')
    .argument('<command...>', 'behind --')
    .passThroughOptions();
  sharedOptions(command).action(async (words: string[], flags: Flags) =>
    setExit(await run(io, words, flags)),
  );
};

async function run(io: Io, words: readonly string[], flags: Flags): Promise<number> {
  const values = await fetchValues(io, flags);
  return startChild(words, environmentFor(io.env, values));
}

async function fetchValues(io: Io, flags: Flags): Promise<Map<string, SecretValue>> {
  if ((flags.connector === undefined) === (flags.path === undefined)) {
    throw new SecretregError('wrong-use', { reason: 'run takes --connector FILE or --path PATH' });
  }
  if (flags.connector !== undefined) return resolvedSettings(io, flags.connector, flags);
  const path = pathArgument(flags.path ?? '');
  const secrets = await withRegistry(io, flags, { path }, ({ registry }) =>
    registry.readPath(path),
  );
  return new Map(secrets.map(({ key, value }) => [key, value]));
}

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** The child's exit code, or 128 + the number of the signal that ended it. */
function startChild(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command = '', ...rest] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { env, stdio: 'inherit' });
    const handlers = PASSED_ON.map((signal) => [signal, () => void child.kill(signal)] as const);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const done = () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
    child.on('error', (error) => {
      done();
      reject(
        new SecretregError(
          'command-not-started',
          { command, reason: reasonOf(error) },
          { cause: error },
        ),
      );
    });
    child.on('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
