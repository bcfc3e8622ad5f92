// The command line knows the plugin by its names and sentences.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseWorkerConfig } from '../../src/cli/worker-config.ts';

test('every setting of the plugin is known', () => {
  const source = readFileSync('connect/src/main/java/io/secretreg/connect/Setting.java', 'utf8');
  const names = [...source.matchAll(/^ {4}[A-Z_]+\("([\w.]+)"/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  const text = names.map((name) => `config.providers.secret.param.${name}=x\n`).join('');
  const properties = `config.providers=secret\nconfig.providers.secret.class=io.secretreg.connect.SecretRegistryConfigProvider\n${text}`;
  expect(parseWorkerConfig(properties, 'worker.properties').notes).toEqual([]);
});

test.each([
  ['rest/Rule.java', 'may only refer to secrets under its own name'],
  ['Missing.java', 'cannot be found: the registry has none'],
  ['Refusals.java', 'does not allow it to the worker'],
])('%s says what connect check looks for', (file, sentence) => {
  expect(readFileSync(`connect/src/main/java/io/secretreg/connect/${file}`, 'utf8')).toContain(
    sentence,
  );
  expect(readFileSync('src/cli/connect-check/probes.ts', 'utf8')).toContain(sentence);
});
