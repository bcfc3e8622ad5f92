// The ConfigDefs of an artifact of Maven Central, as its classes give them.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { whole } from '../../test/kafka/install.ts';
import type { Artifact } from './artifacts.ts';

export interface ConfigDef {
  class: string;
  kind: 'connector' | 'transformation' | 'predicate' | 'converter' | 'client';
  /** `ConfigDef.Type` by the name of the setting. */
  settings: Record<string, string>;
}

export interface ReadConfigDefs {
  defs: ConfigDef[];
  /** Classes that could not be loaded or made, each with its reason. */
  notRead: string[];
}

const CACHE = resolve(import.meta.dirname, '../../.connect/config-defs');
const PROGRAM = join(import.meta.dirname, 'ConfigDefs.java');
/** Whose API the connectors are loaded with. */
const CONNECT = 'org.apache.kafka:connect-runtime:4.3.1';

export async function readConfigDefs(artifact: Artifact): Promise<ReadConfigDefs> {
  const libs = await jarsOf(artifact);
  const [, name = '', version = ''] = artifact.name.split(':');
  const options = artifact.isClient === true ? ['--static'] : [];
  const { stdout, stderr } = await promisify(execFile)(
    'java',
    ['-cp', join(libs, '*'), PROGRAM, ...options, join(libs, `${name}-${version}.jar`)],
    { maxBuffer: 1024 ** 3 },
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  return {
    defs: lines.map((line) => JSON.parse(line) as ConfigDef),
    notRead: stderr.split('\n').filter((line) => line.startsWith('not read: ')),
  };
}

/** Fetched once; with `.connect` they go. */
async function jarsOf({ name, without = [] }: Artifact): Promise<string> {
  const folder = join(CACHE, name.replaceAll(':', '_'));
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const pom = `${folder}.pom.xml`;
  writeFileSync(pom, pomText(name, without));
  await whole(folder, (made) =>
    promisify(execFile)('mvn', [
      ...['-q', '-B', '-f', pom, 'dependency:copy-dependencies'],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${made}`],
    ]).catch((error: Error & { stdout?: string }) => {
      throw new Error(`${name}: ${error.message}\n${error.stdout ?? ''}`);
    }),
  );
  return folder;
}

function pomText(name: string, without: readonly string[]): string {
  const exclusions = without
    .map((it) => `<exclusion><groupId>${it}</groupId><artifactId>*</artifactId></exclusion>`)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>secretreg</groupId>
  <artifactId>config-defs</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>${coordinates(name)}<exclusions>${exclusions}</exclusions></dependency>
    <dependency>${coordinates(CONNECT)}</dependency>
  </dependencies>
</project>
`;
}

function coordinates(name: string): string {
  const [group, artifact, version] = name.split(':');
  return `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
}
