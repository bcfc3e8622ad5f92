// A folder that only its owner enters, with a file for each value, for as long as the command runs. Its name says whose it
// is: what a process that was killed has left is taken away by the next one.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeSecretFile } from '../output-file.ts';
import { reasonOf } from '../system-reason.ts';
import { refused, replaceable } from '../render/folder.ts';
import { isPrivate } from './memory-folder.ts';
import { hasEnded, MARK, ownMark } from './process-mark.ts';

const PREFIX = 'secretreg-run-';
const OF_A_PROCESS = new RegExp(`^${PREFIX}(${MARK})-[A-Za-z0-9]{6}$`);

export class ValueFolder {
  readonly #place: string;
  readonly #onExit = () => this.remove();

  /** Makes the folder in `base`. It is removed when the process ends, unless that is killed. Fails with file-not-writable. */
  constructor(base: string) {
    try {
      const mark = ownMark();
      const name = mark === undefined ? PREFIX : `${PREFIX}${mark}-`;
      this.#place = mkdtempSync(join(base, name));
      process.on('exit', this.#onExit);
    } catch (error) {
      throw refused(base, reasonOf(error), error);
    }
    const problem = replaceable(this.#place);
    if (problem === undefined) return;
    this.remove();
    throw refused(base, problem);
  }

  fileOf(name: string): string {
    return join(this.#place, name);
  }

  /** Writes each file in one step, also over one of the same name. Fails with file-not-writable. */
  write(contents: ReadonlyMap<string, Uint8Array>): void {
    for (const [name, content] of contents) writeSecretFile(this.fileOf(name), content);
  }

  remove(): void {
    process.off('exit', this.#onExit);
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/**
 * Removes what ended processes of ours have left there. Where everybody may write, as in /dev/shm, somebody else may have put a
 * folder or a link of such a name: only folders of our own user count, which nobody else can replace.
 */
export function removeLeftOvers(base: string, tell: (text: string) => void): void {
  for (const name of readdirSync(base)) {
    const [, mark] = OF_A_PROCESS.exec(name) ?? [];
    if (mark === undefined) continue;
    const place = join(base, name);
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (!isPrivate(stat) || !hasEnded(mark)) continue;
    try {
      rmSync(place, { recursive: true, force: true });
    } catch (error) {
      tell(`'${place}', which a run that was killed has left, stays: ${reasonOf(error)}`);
    }
  }
}
