// Runs classes of the plugin's test scope, with Kafka's own ones beside them.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtOnce, ROOT } from './built-once.ts';

const CLASSPATH = 'classpath.txt';

/** What the class prints for the lines. */
export async function runJava(className: string, lines: readonly string[]): Promise<string[]> {
  const files = ['connect/pom.xml', 'connect/src/**/*.*'];
  const folder = await builtOnce({ name: 'classes', files }, compile);
  const classpath = [
    ...['classes', 'test-classes'].map((name) => join(folder, name)),
    readFileSync(join(folder, CLASSPATH), 'utf8'),
  ].join(':');
  const options = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const running = promisify(execFile)('java', [...options, '-cp', classpath, className], {
    maxBuffer: 1024 ** 3,
  });
  running.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  const { stdout } = await running;
  return stdout.split('\n').slice(0, -1);
}

/** With what Maven says of a fault in the error: it says it on standard output. */
export async function maven(options: readonly string[]): Promise<void> {
  const pom = join(ROOT, 'connect/pom.xml');
  await promisify(execFile)('mvn', ['-q', '-B', '-f', pom, ...options]).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ''}`);
    },
  );
}

async function compile(folder: string): Promise<void> {
  await maven([
    ...['test-compile', 'dependency:build-classpath', `-Dconnect.target=${folder}`],
    `-Dmdep.outputFile=${join(folder, CLASSPATH)}`,
  ]);
}
