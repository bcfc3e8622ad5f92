// `npm run build:connect [-- FOLDER]`: the plugin for Kafka Connect, connect/target/secretreg-connect-<version>.jar, or in
// another folder. Its tests run in `npm test`.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder] = process.argv.slice(2);
const pom = join(import.meta.dirname, '../connect/pom.xml');
const { status, error } = spawnSync(
  'mvn',
  [
    ...['-q', '-B', '-f', pom, 'package', '-Dmaven.test.skip=true'],
    ...(folder === undefined ? [] : [`-Dconnect.target=${resolve(folder)}`]),
  ],
  { stdio: 'inherit' },
);
if (error !== undefined)
  console.error('build:connect: there is no mvn here\nhint: install Java 17 and Maven');
if (status === 0) console.log(`built ${jarIn(folder ?? 'connect/target')}`);
process.exitCode = status ?? 1;

function jarIn(target: string): string {
  const root = join(import.meta.dirname, '..');
  const [jar = ''] = globSync('secretreg-connect-*.jar', { cwd: resolve(root, target) });
  return join(target, jar);
}
