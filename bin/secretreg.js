#!/usr/bin/env node
// Starts the bundled command line. Written so that even a very old Node.js can read it far enough to say that it is too old.
'use strict';

var parts = process.versions.node.split('.').map(Number);
var major = parts[0];
var minor = parts[1];
var fits = (major === 22 && minor >= 23) || (major === 24 && minor >= 21) || major >= 26;

if (!fits) {
  process.stderr.write(
    'secretreg: Node.js ' +
      process.versions.node +
      ' cannot run secretreg: its SQLite or its language support is too old\n' +
      'hint: use Node.js 24.21 or newer, or 22.23 or newer of line 22\n',
  );
  process.exitCode = 78;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  printVersion();
} else {
  require('./load.js')
    .load(require('path').join(__dirname, '../dist/main.cjs'))
    .main(process.argv.slice(2))
    .then(function (code) {
      process.exitCode = code;
    });
}

/** Without process.stdout, which would be most of the work. */
function printVersion() {
  try {
    require('fs').writeSync(1, require('../package.json').version + '\n');
  } catch (error) {
    if (error.code === 'EPIPE') return;
    process.stderr.write(
      "secretreg: 'stdout' cannot be written: the system says " + error.code + '\n',
    );
    process.exitCode = 3;
  }
}
