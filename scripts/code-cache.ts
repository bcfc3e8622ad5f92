// Leaves V8's code cache beside the files of dist/ that everyday commands load: what was compiled while these ran. It is
// of use to the Node.js that builds, and to those with the same V8; others compile as ever (bin/load.js).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Script } from 'node:vm';

interface Loader {
  load(file: string, compiled: (file: string, script: Script) => void): CommandLine;
}

interface CommandLine {
  main(args: readonly string[]): Promise<number>;
}

const EVERYDAY: readonly (readonly string[])[] = [
  ['init'],
  ...['connection.user', 'connection.password', 'kafka.username', 'kafka.password'].map((key) => [
    ...['put', 'orders-sink', key],
    ...['--generate', '24'],
  ]),
  ['get', 'orders-sink', 'connection.password'],
  ['list'],
  ['validate', resolve('fixtures/quickstart/orders-sink.json')],
  ['validate', resolve('fixtures/quickstart/strimzi.yaml')],
  ['resolve', resolve('fixtures/quickstart/orders-sink.json'), '-O', 'resolved.json'],
];

const loader = createRequire(import.meta.url)('../bin/load.js') as Loader;
const main = resolve('dist/main.cjs');
const home = mkdtempSync(join(tmpdir(), 'secretreg-build-'));
try {
  process.chdir(home);
  process.env['HOME'] = home;
  const scripts = new Map<string, Script>();
  const commandLine = loader.load(main, (file, script) => scripts.set(file, script));
  for (const args of EVERYDAY) {
    const exit = await commandLine.main(args);
    // 1 is what validate found.
    if (exit > 1) throw new Error(`secretreg ${args.join(' ')} ended with ${exit}`);
  }
  for (const [file, script] of scripts) writeFileSync(`${file}.cache`, script.createCachedData());
} finally {
  rmSync(home, { recursive: true, force: true });
}
