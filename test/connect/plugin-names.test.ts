// The command line knows the plugin by its names and sentences.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workerConfigOf } from '../../src/cli/worker-config.ts';
import { propertiesIn } from '../../src/cli/worker-settings.ts';

test('every setting of the plugin is known', () => {
  const source = readFileSync('connect/src/main/java/io/secretreg/connect/Setting.java', 'utf8');
  const names = [...source.matchAll(/^ {4}[A-Z_]+\("([\w.]+)"/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  const text = names.map((name) => `config.providers.secret.param.${name}=x\n`).join('');
  const properties = `config.providers=secret\nconfig.providers.secret.class=io.secretreg.connect.SecretRegistryConfigProvider\n${text}`;
  expect(workerConfigOf(propertiesIn(properties), 'worker.properties').notes).toEqual([]);
});

test.each([
  'may only refer to secrets under its own name',
  'cannot be found: the registry has none',
  'does not allow it to the worker',
])("the plugin says '%s', by which connect check knows it", (sentence) => {
  const sources = globSync('connect/src/main/java/**/*.java').map((file) =>
    readFileSync(file, 'utf8'),
  );
  expect(sources.filter((source) => source.includes(sentence))).not.toEqual([]);
  expect(readFileSync('src/cli/connect-check/probes.ts', 'utf8')).toContain(sentence);
});
