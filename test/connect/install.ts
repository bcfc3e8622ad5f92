// What a Connect worker needs, made once into .connect/: the jars of both worker versions, and the connector of the tests.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { whole } from '../kafka/install.ts';

const run = promisify(execFile);

/** Copies of this tree, in which faults are planted, share one. */
const ROOT =
  process.env['SECRETREG_TEST_CONNECT'] ?? resolve(import.meta.dirname, '../../.connect');
const CONNECTOR = join(import.meta.dirname, 'connector');
const SERVICES = 'META-INF';

/** As in pom-4.xml and pom-3.xml: 4.4.0 and 3.9.2 have no connect-runtime. */
const VERSIONS = { 4: '4.3.1', 3: '3.9.1' };

/** Of Connect: 3 is the last one of `javax.ws.rs`, 4 of `jakarta.ws.rs`. */
export type WorkerVersion = keyof typeof VERSIONS;

/** Answers the folder of the worker's jars. */
export async function installWorker(version: WorkerVersion): Promise<string> {
  const folder = join(ROOT, VERSIONS[version]);
  const libs = join(folder, 'libs');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(libs)) {
    await whole(libs, (made) =>
      run('mvn', [
        ...['-q', '-B', '-f', join(import.meta.dirname, `pom-${version}.xml`)],
        ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${made}`],
      ]),
    );
  }
  return libs;
}

/** Answers the plugin folder of `io.secretreg.test.RecordingSourceConnector`, for a worker of either version. */
export async function installConnector(): Promise<string> {
  const libs = await installWorker(3);
  const sources = readdirSync(CONNECTOR, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => join(CONNECTOR, name));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const plugin = join(ROOT, `recording-connector-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(plugin)) {
    await whole(plugin, async (folder) => {
      await run('javac', ['--release', '11', '-cp', join(libs, '*'), '-d', folder, ...sources]);
      cpSync(join(CONNECTOR, SERVICES), join(folder, SERVICES), { recursive: true });
    });
  }
  return plugin;
}
