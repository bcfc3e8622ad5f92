// The command line knows what the plugin's provider takes in the worker's file.
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
