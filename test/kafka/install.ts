// What a broker needs, made once into .kafka/: the jars, a formatted data folder, and an archive of loaded classes.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Copies of this tree, in which faults are planted, share one. */
const ROOT = process.env['SECRETREG_TEST_KAFKA'] ?? resolve(import.meta.dirname, '../../.kafka');
/** As in pom.xml. */
export const KAFKA_VERSION = '4.3.1';
export const LIBS = join(ROOT, 'libs');
/** The formatted folder that each broker begins with a copy of. */
export const TEMPLATE = join(ROOT, 'formatted');
export const ARCHIVE = join(ROOT, 'kafka.jsa');

/** What a broker cannot be started without, where it is not here. */
export function missingTool(): string | undefined {
  return ['java', 'mvn'].find((tool) => spawnSync(tool, ['-version']).status !== 0);
}

export async function installKafka(): Promise<void> {
  mkdirSync(ROOT, { recursive: true });
  if (!existsSync(LIBS)) {
    await whole(LIBS, (libs) =>
      run('mvn', [
        ...['-q', '-B', '-f', join(import.meta.dirname, 'pom.xml')],
        ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${libs}`],
      ]),
    );
  }
  if (!existsSync(TEMPLATE)) await whole(TEMPLATE, (folder) => format(folder));
}

/** Made beside its place and moved there, so that half of it is never taken for all. */
export async function whole(
  place: string,
  make: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(`${place}-`);
  try {
    await make(folder);
    renameSync(folder, place);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another test file was quicker.
    if (!existsSync(place)) throw error;
  }
}

/** The same with a user of SCRAM, who can only be made when a folder is formatted, or by an administrator. */
export async function scramTemplate({
  name,
  password,
}: {
  name: string;
  password: string;
}): Promise<string> {
  await installKafka();
  const place = join(ROOT, 'formatted-scram');
  const users = ['SCRAM-SHA-512', 'SCRAM-SHA-256'].flatMap((mechanism) => {
    return ['--add-scram', `${mechanism}=[name=${name},password=${password}]`];
  });
  if (!existsSync(place)) await whole(place, (folder) => format(folder, users));
  return place;
}

function format(folder: string, options: readonly string[] = []): Promise<unknown> {
  const properties = join(folder, 'format.properties');
  writeFileSync(
    properties,
    [
      'process.roles=broker,controller',
      'node.id=1',
      'controller.quorum.voters=1@127.0.0.1:1',
      'listeners=PLAINTEXT://127.0.0.1:2,CONTROLLER://127.0.0.1:1',
      'controller.listener.names=CONTROLLER',
      `log.dirs=${folder}`,
    ].join('\n'),
  );
  const tool = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAA'];
  return run('java', ['-cp', join(LIBS, '*'), ...tool, '-c', properties, ...options]);
}
