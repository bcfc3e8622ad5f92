// A mark that names one process for good: process ids are used again, and mean other processes in another container. Only
// Linux tells all that it takes; elsewhere no process counts as ended.
import { readFileSync, readlinkSync } from 'node:fs';

/** Of this process: boot, namespace, number and start, such as `5b3e7a10-4026531836-1234-567890`. */
export function ownMark(): string | undefined {
  const world = ownWorld();
  const process = processNumbered('self');
  return world === undefined || process === undefined
    ? undefined
    : `${world}-${process.pid}-${process.start}`;
}

/** What a mark looks like, as a part of a pattern. */
export const MARK = '[0-9a-f]{8}-[0-9]+-[0-9]+-[0-9]+';

/** True where the process surely has ended. Of one of another machine, boot or container that is not known. */
export function hasEnded(mark: string): boolean {
  const [boot, namespace, pid = '', start] = mark.split('-');
  if (`${boot}-${namespace}` !== ownWorld()) return false;
  return processNumbered(pid)?.start !== start;
}

/** Names the machine, its start and the container: within these a process id means one process. */
function ownWorld(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const [namespace] = /[0-9]+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return namespace === undefined ? undefined : `${boot}-${namespace}`;
  } catch {
    return undefined;
  }
}

/** By proc_pid_stat(5). undefined where there is no such process, or only a zombie. */
function processNumbered(pid: string): { pid: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets, which may hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', start = ''] = [fields[0], fields[19]];
    return 'ZXx'.includes(state) ? undefined : { pid: text.split(' ', 1)[0] ?? '', start };
  } catch {
    return undefined;
  }
}
