// `prepare`: npm runs it where the package comes out of Git, by `npm ci` in a clone as by `npm install -g git+https://…`,
// which is how pre-commit installs a hook. In the second case npm installs the dependencies globally too, so that
// none stands in the clone, and they are installed here. JavaScript, for a Node.js that is too old must be able to say so.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = (major === 22 && minor >= 18) || (major === 23 && minor >= 6) || major >= 24;

if (!stripsTypes && !existsSync('node_modules/node/bin/node')) {
  console.error(
    `Node.js ${process.versions.node} cannot build secretreg: use 24.21 or newer, or 22.23 or newer of line 22`,
  );
  process.exitCode = 1;
} else {
  if (!existsSync('node_modules/esbuild')) {
    const env = { ...process.env, npm_config_global: 'false', npm_config_location: 'project' };
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], env);
  }
  run('npm', ['run', 'build'], process.env);
}

function run(command, args, env) {
  execFileSync(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
}
