// The floor of `validate` on YAML: reads every file below a folder and has the library parse it, and does nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const [folder] = process.argv.slice(2);

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) parseAllDocuments(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
