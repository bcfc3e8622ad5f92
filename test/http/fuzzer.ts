// schemathesis is a fuzzer of OpenAPI that others wrote.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { installed } from '../python.ts';

const REQUIREMENTS = join(import.meta.dirname, 'fuzzer', 'requirements.txt');

/** The tenth wrong password in a minute is 429, which its check of credentials takes for a fault: it logs in by token alone. */
function bearerOnly(openapi: unknown): unknown {
  const document = openapi as {
    components: { securitySchemes: Record<string, { scheme?: string }> };
    paths: Record<string, Record<string, { security?: Record<string, unknown>[] }>>;
    security?: Record<string, unknown>[];
  };
  const { securitySchemes } = document.components;
  const others = Object.keys(securitySchemes).filter(
    (name) => securitySchemes[name]?.scheme !== 'bearer',
  );
  for (const name of others) delete securitySchemes[name];
  const isBearer = (one: Record<string, unknown>) => !others.some((name) => name in one);
  for (const operation of [
    document,
    ...Object.values(document.paths).flatMap((path) => Object.values(path)),
  ])
    if (operation.security) operation.security = operation.security.filter(isBearer);
  return document;
}

export interface FuzzOptions {
  url: string;
  token: string;
  /** Where it keeps what it found. */
  folder: string;
  args: readonly string[];
}

/** Runs it; answers its exit code and what it printed. */
export async function fuzz(options: FuzzOptions): Promise<{ code: number | null; output: string }> {
  const packages = await installed(REQUIREMENTS);
  const config = join(import.meta.dirname, 'fuzzer', 'schemathesis.toml');
  const openapi = join(options.folder, 'openapi.json');
  writeFileSync(
    openapi,
    JSON.stringify(bearerOnly(await (await fetch(`${options.url}/openapi.json`)).json())),
  );
  const child = spawn(
    'python3',
    [
      '-m',
      'schemathesis.cli',
      '--config-file',
      config,
      'run',
      openapi,
      '--url',
      options.url,
      ...options.args,
    ],
    {
      cwd: options.folder,
      // The token is in its environment, not among its arguments.
      env: { ...process.env, PYTHONPATH: packages, TOKEN: options.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { code, output: out + err };
}
