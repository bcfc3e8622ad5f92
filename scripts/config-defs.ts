// Reads the ConfigDefs of the connectors of scripts/config-defs/artifacts.ts, and writes from them which settings are
// passwords. Needs Java 17 and Maven; fetches about 800 MB the first time.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { artifacts } from './config-defs/artifacts.ts';
import { readConfigDefs } from './config-defs/read-config-defs.ts';
import { type Read, tableOf } from './config-defs/table.ts';

const all: Read[] = [];
for (const artifact of artifacts) {
  const { defs, notRead } = await readConfigDefs(artifact);
  const count = defs.flatMap(({ settings }) => Object.values(settings)).length;
  console.log(`${artifact.name}: ${defs.length} classes, ${count} settings`);
  for (const line of notRead) console.log(`  ${line}`);
  all.push({ artifact: artifact.name, defs });
}
const FILE = 'src/validator/secrets/password-settings.json';
writeFileSync(FILE, JSON.stringify(tableOf(all)));
execFileSync('node_modules/.bin/biome', ['format', '--write', FILE]);
