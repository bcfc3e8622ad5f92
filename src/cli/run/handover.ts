// How values come to the command: in its environment, or in files that variables name. The variables and the files are made
// anew whenever the values are.
import { resolve } from 'node:path';
import type { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { type Io, note } from '../io.ts';
import { fileNameProblem } from '../render/folder.ts';
import { notAmong } from './chosen.ts';
import { environmentFor } from './environment.ts';
import { isInMemory, memoryFolder } from './memory-folder.ts';
import { removeLeftOvers, ValueFolder } from './value-folder.ts';

interface HandoverFlags {
  pristine?: boolean;
  files?: boolean;
  /** Where the folder of the files is made. */
  filesIn?: string;
  /** Names of values that are base64: their bytes are in the file. */
  base64?: string[];
}

export class Handover {
  readonly #io: Io;
  readonly #flags: HandoverFlags;
  #folder: ValueFolder | undefined;

  /** Fails with wrong-use. */
  constructor(io: Io, flags: HandoverFlags) {
    this.#io = io;
    this.#flags = { ...flags, files: flags.files ?? flags.filesIn !== undefined };
    if (flags.base64 !== undefined && !this.#flags.files)
      throw new SecretregError('wrong-use', {
        reason: '--base64 is for --files: a variable holds no bytes',
      });
  }

  /** What stands in the files, where there are files. Fails with value-breaks-environment and option-names-nothing. */
  contents(values: ReadonlyMap<string, SecretValue>): Map<string, Buffer> {
    const { files, base64 = [] } = this.#flags;
    const what = 'the command gets nothing called';
    for (const name of base64)
      if (!values.has(name)) throw notAmong(values.keys(), { option: '--base64', name, what });
    if (!files) return new Map();
    return new Map([...values].map(([name, value]) => [name, contentOf(name, value, base64)]));
  }

  /** Writes the files, and answers the environment. Fails with value-breaks-environment and file-not-writable. */
  make(values: ReadonlyMap<string, SecretValue>): NodeJS.ProcessEnv {
    const contents = this.contents(values);
    const options = { isPristine: this.#flags.pristine ?? false };
    if (!this.#flags.files) return environmentFor(this.#io.env, values, options);
    // Everything that could be refused is refused here, before anything is written.
    environmentFor(this.#io.env, values, { ...options, fileOf: (name) => name });
    this.#folder ??= this.#makeFolder();
    const folder = this.#folder;
    folder.write(contents);
    return environmentFor(this.#io.env, values, {
      ...options,
      fileOf: (name) => folder.fileOf(name),
    });
  }

  close(): void {
    this.#folder?.remove();
  }

  #makeFolder(): ValueFolder {
    const tell = (text: string) => note(this.#io, text);
    const { filesIn } = this.#flags;
    const base =
      filesIn === undefined ? memoryFolder(this.#io.env) : resolve(this.#io.cwd, filesIn);
    const folder = new ValueFolder(base);
    removeLeftOvers(base, tell);
    if (filesIn === undefined && !isInMemory(base))
      tell(`there is no file system in memory: the files are on a disk, in ${base}`);
    return folder;
  }
}

function contentOf(name: string, value: SecretValue, base64: readonly string[]): Buffer {
  const text = value.reveal();
  const bytes = Buffer.from(text, base64.includes(name) ? 'base64' : 'utf8');
  const problem =
    base64.includes(name) && bytes.toString('base64') !== text.trim()
      ? 'it is not base64'
      : fileNameProblem(name);
  if (problem === undefined) return bytes;
  throw new SecretregError('value-breaks-environment', { name, reason: problem });
}
