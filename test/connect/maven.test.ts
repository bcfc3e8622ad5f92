// The Maven module as it stands: its JUnit classes, and what is in the jar.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { LONGEST_BUILD_MS, ROOT } from './built-once.ts';
import { connectJar, JAR } from './jar.ts';
import { maven } from './java.ts';

const TESTS = 'connect/src/test/java';
const LARGEST_JAR = 80_000;
const SERVICES = 'META-INF/services/';

const testClasses = globSync(`${TESTS}/**/*Test.java`, { cwd: ROOT })
  .map((file) =>
    relative(TESTS, file)
      .replace(/\.java$/, '')
      .replaceAll('/', '.'),
  )
  .sort();

describeKafka('the plugin for Kafka Connect', () => {
  let target = '';

  beforeAll(async () => {
    mkdirSync(join(ROOT, '.connect'), { recursive: true });
    target = mkdtempSync(join(ROOT, '.connect/maven-'));
    // Each class is judged below, from its report.
    await maven(['package', `-Dconnect.target=${target}`, '-Dmaven.test.failure.ignore=true']);
  }, LONGEST_BUILD_MS);

  afterAll(() => rmSync(target, { recursive: true, force: true }));

  test.each(testClasses)('JUnit: %s', (name) => {
    const report = join(target, `surefire-reports/${name}.txt`);
    expect(existsSync(report), `${name} did not run`).toBe(true);
    const text = readFileSync(report, 'utf8');
    const [, run = '0'] = /Tests run: (\d+), Failures: 0, Errors: 0, Skipped: 0/.exec(text) ?? [];
    expect(Number(run), text).toBeGreaterThan(0);
  });

  test('is small', () => {
    expect(readFileSync(join(target, JAR)).length).toBeLessThan(LARGEST_JAR);
  });

  test(
    'is the same, byte for byte, from each build of the same source',
    async () => {
      const other = readFileSync(await connectJar());
      expect(readFileSync(join(target, JAR)).equals(other)).toBe(true);
    },
    LONGEST_BUILD_MS,
  );

  test('brings no class of others, and runs on Java 11', () => {
    const entries = execFileSync('jar', ['tf', join(target, JAR)], { encoding: 'utf8' });
    const files = entries.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
    const foreign = files.filter(
      (name) =>
        !name.startsWith('io/secretreg/connect/') &&
        !name.startsWith(SERVICES) &&
        name !== 'META-INF/MANIFEST.MF',
    );
    expect(foreign).toEqual([]);
    const classes = files.filter((name) => name.endsWith('.class'));
    // Bytes 6 and 7 of a class: its major version, 55 for Java 11 (JVMS 4.1).
    const versions = classes.map((name) =>
      readFileSync(join(target, 'classes', name)).readUInt16BE(6),
    );
    expect([...new Set(versions)]).toEqual([55]);
  });

  test('tells workers of its classes', () => {
    const services = globSync(`${SERVICES}*`, { cwd: join(target, 'classes') }).sort();
    const told = services.map((file) => [
      file.slice(SERVICES.length),
      readFileSync(join(target, 'classes', file), 'utf8').trim(),
    ]);
    expect(told).toEqual([
      [
        'org.apache.kafka.common.config.provider.ConfigProvider',
        'io.secretreg.connect.SecretRegistryConfigProvider',
      ],
      [
        'org.apache.kafka.connect.rest.ConnectRestExtension',
        'io.secretreg.connect.SecretRegistryRestExtension',
      ],
    ]);
    for (const [, name = ''] of told)
      expect(existsSync(join(target, 'classes', `${name.replaceAll('.', '/')}.class`))).toBe(true);
  });
});
