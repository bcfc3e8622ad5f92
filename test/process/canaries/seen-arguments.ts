// Loaded into every process of a test (`NODE_OPTIONS=--import`): writes down the arguments of all processes that run when
// this one begins, when it starts another one, and when it ends. They are in every user's sight.
import { ChildProcess } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';

const file = process.env['SECRETREG_TEST_SEEN'] ?? '';
/** Byte by byte, as latin1 has them. */
const seen = new Set<string>();

function look(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      // It has ended meanwhile.
    }
  }
}

interface Spawning {
  spawn: (this: Spawning, options: { args?: string[] }) => unknown;
}

const prototype = ChildProcess.prototype as unknown as Spawning;
const { spawn } = prototype;
prototype.spawn = function (this: Spawning, options) {
  const started: unknown = spawn.call(this, options);
  seen.add(Buffer.from((options.args ?? []).join('\0')).toString('latin1'));
  look();
  return started;
};

look();
process.on('exit', () => {
  look();
  appendFileSync(file, [...seen].join('\n'), 'latin1');
});
