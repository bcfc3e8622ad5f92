// The plugin's jar as its source is now.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtOnce, ROOT } from './built-once.ts';

export const JAR = 'secretreg-connect-0.1.0.jar';

/** The file; built by `npm run build:connect`. */
export async function connectJar(): Promise<string> {
  const files = ['connect/pom.xml', 'connect/src/main/**/*.*'];
  return join(await builtOnce({ name: 'plugin', files }, buildPlugin), JAR);
}

async function buildPlugin(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-connect.ts'), folder]);
}
