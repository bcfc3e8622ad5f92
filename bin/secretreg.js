#!/usr/bin/env node
// Starts the bundled command line. Written so that even a very old Node.js can read it far enough to say that it is too old.
import process from 'node:process';

const [major, minor] = process.versions.node.split('.').map(Number);
const fits = (major === 22 && minor >= 23) || (major === 24 && minor >= 21) || major >= 26;

if (!fits) {
  process.stderr.write(
    `secretreg: Node.js ${process.versions.node} cannot run secretreg: its SQLite or its language support is too old\n` +
      'hint: use Node.js 24.21 or newer, or 22.23 or newer of line 22\n',
  );
  process.exitCode = 78;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  const { version } = await import('../dist/version.js');
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
