// schemathesis, a fuzzer of OpenAPI that others wrote, installed once into .fuzzer/ from the pinned list.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe } from 'vitest';

const ROOT = process.env['SECRETREG_TEST_FUZZER'] ?? resolve(import.meta.dirname, '../../.fuzzer');
const REQUIREMENTS = join(import.meta.dirname, 'fuzzer', 'requirements.txt');

/** Without Python they are left out, and say why; in CI they fail. */
export function describeFuzzer(name: string, body: () => void): void {
  const isThere =
    process.env['CI'] || spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
  if (isThere) describe(name, body);
  else describe.skip(`${name} (left out: there is no Python 3 with pip)`, body);
}

/** Answers the folder of the packages. */
async function installFuzzer(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const place = join(ROOT, digest.slice(0, 16));
  if (existsSync(place)) return place;
  mkdirSync(ROOT, { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'new-'));
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await promisify(execFile)('python3', [...args, '--target', folder, '-r', REQUIREMENTS]);
    renameSync(folder, place);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return place;
}

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
  const packages = await installFuzzer();
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
