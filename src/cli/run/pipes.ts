// Pipes for the output of the command. Node gives a child sockets, which a program cannot open again by `/dev/stdout` or
// `/dev/stderr`, as shell scripts and servers do for their logs, and which end it by ECONNRESET where a pipe sends SIGPIPE.
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Pipe {
  read: Socket;
  /** Our descriptor, until the command has its own. */
  write: number;
}

/** So many pipes; undefined where the machine has no `mkfifo`, and the command has to make do with sockets. */
export function makePipes(count: number): Pipe[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-pipes-'));
  try {
    const files = Array.from({ length: count }, (_, i) => join(folder, String(i)));
    const { status } = spawnSync('mkfifo', ['-m', '600', ...files], { stdio: 'ignore' });
    return status === 0 ? files.map(openPipe) : undefined;
  } finally {
    // Both ends are open, and nobody else needs the names.
    rmSync(folder, { recursive: true });
  }
}

/** The end to read from first, which does not wait for a writer. */
function openPipe(file: string): Pipe {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const write = openSync(file, constants.O_WRONLY);
  return { read: new Socket({ fd, readable: true, writable: false }), write };
}

/** For when the command was started: its output ends only when nobody has this end open. */
export function closeWriters(pipes: readonly Pipe[]): void {
  for (const { write } of pipes) closeSync(write);
}
