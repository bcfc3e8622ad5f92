// `validate` beside other checkers of JSON on the same 10,000 files and the same Node.js: `node bench/side-by-side.ts AJV CONFTEST`,
// the first the folder in which ajv-cli is installed, the second a program (bench/README.md says how to get them). jq is
// the machine's. Each is given the part of the rules that it can express; what it prints is thrown away.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { machine } from './machine.ts';
import { makeConnectors } from './made-up-connectors.ts';
import { inTurn, median } from './measure.ts';
import { SECRETREG } from './program.ts';

const [ajv, conftest] = process.argv.slice(2);
if (ajv === undefined || conftest === undefined) {
  console.error('node bench/side-by-side.ts AJV CONFTEST    (see bench/README.md)');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'secretreg-side-'));
const files = join(folder, 'connectors');
makeConnectors(files, 10_000);

/** A body of Connect's REST API; a schema cannot compare a path with the name. */
const schema = {
  type: 'object',
  required: ['name', 'config'],
  properties: { config: { type: 'object', required: ['connector.class'] } },
};
writeFileSync(join(folder, 'schema.json'), JSON.stringify(schema));

/** The seed rule, as a policy. */
const policy = `package main
import rego.v1
deny contains msg if {
  some key, value in input.config
  some reference in regex.find_all_string_submatch_n("\\\\$\\\\{secret:([^:}]*):[^}]*\\\\}", value, -1)
  reference[1] != input.name
  msg := sprintf("%s refers to path %s", [key, reference[1]])
}
`;
mkdirSync(join(folder, 'policy'));
writeFileSync(join(folder, 'policy/connector.rego'), policy);

const query =
  '. as $c | .config | to_entries[] | select(.value | [scan("\\\\$\\\\{secret:([^:}]*):[^}]*\\\\}")[0]] | any(. != $c.name)) | .key';

const samples = inTurn(
  {
    secretreg: () => timed(process.execPath, [SECRETREG, 'validate', files]),
    'secretreg, one thread': () =>
      timed(process.execPath, [SECRETREG, 'validate', files, '--jobs', '1']),
    'ajv-cli': () =>
      timed(process.execPath, [
        join(resolve(ajv), 'node_modules/ajv-cli/dist/index.js'),
        ...['validate', '-s', 'schema.json', '-d', 'connectors/**/*.json'],
      ]),
    conftest: () => timed(resolve(conftest), ['test', '--policy', 'policy', 'connectors']),
    jq: () =>
      timed('sh', ['-c', `find connectors -name '*.json' -print0 | xargs -0 jq '${query}'`]),
  },
  3,
);
rmSync(folder, { recursive: true });
const medians = Object.entries(samples).map(
  ([name, all]) => [name, Math.round(median(all))] as const,
);
writeFileSync(
  'bench/results/side-by-side.json',
  `${JSON.stringify({ machine: machine(), milliseconds: Object.fromEntries(medians) }, null, 2)}\n`,
);
for (const [name, took] of medians) console.log(`${name.padEnd(24)} ${took} ms`);

function timed(program: string, args: readonly string[]): number {
  const begun = performance.now();
  const { error, status, stderr } = spawnSync(program, args, {
    cwd: folder,
    env: { HOME: folder, PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  // One file in a hundred is wrong, and each says so in its own way.
  if (status === null || status > 3)
    throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 500)}`);
  return performance.now() - begun;
}
