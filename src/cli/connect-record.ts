// The file in which `connect sync` keeps what connectors run with. It is read anew for each question and replaced in one
// piece: where two processes write at once an entry may be lost, and then that connector is restarted once more.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Held } from '../connect/plan.ts';
import { parseRecord, type RecordContent, recordText } from '../connect/record-text.ts';
import type { SyncRecord } from '../connect/sync.ts';
import { SecretregError } from '../errors.ts';
import type { Io } from './io.ts';
import { makeFolderOf, writeSecretFile } from './output-file.ts';
import { readTextFile } from './text-file.ts';

/** Where it is, unless somebody says otherwise: `$XDG_STATE_HOME/secretreg/connect/<host>_<port>.json`. */
export function recordFile({ env, cwd }: Io, given: string | undefined, place: string): string {
  if (given !== undefined) return resolve(cwd, given);
  const state = env['XDG_STATE_HOME'] || join(env['HOME'] || '/', '.local/state');
  const [first = ''] = place.replace(/^https?:\/\//, '').split(', ');
  return join(state, 'secretreg', 'connect', `${first.replaceAll(/[^\w.-]+/g, '_')}.json`);
}

export class FileRecord implements SyncRecord {
  readonly #file: string;
  readonly #registry: string;
  readonly #cluster: string;

  constructor(file: string, of: { registry: string; cluster: string }) {
    this.#file = file;
    this.#registry = of.registry;
    this.#cluster = of.cluster;
  }

  /** Fails with file-unreadable, or with settings-invalid where it is something else. */
  read(): ReadonlyMap<string, readonly Held[]> {
    const content = this.#content();
    const isOurs = content?.registry === this.#registry && content.cluster === this.#cluster;
    return isOurs ? content.connectors : new Map();
  }

  /** Fails with file-not-writable. */
  set(connector: string, held: readonly Held[]): void {
    this.#write(new Map([...this.read(), [connector, held]]));
  }

  keepOnly(connectors: ReadonlySet<string>): void {
    const all = this.read();
    const kept = new Map([...all].filter(([name]) => connectors.has(name)));
    if (kept.size < all.size) this.#write(kept);
  }

  requireWritable(): void {
    this.#write(this.read());
  }

  #content(): RecordContent | undefined {
    if (!existsSync(this.#file)) return undefined;
    // A pipe would be waited for.
    const isFile = statSync(this.#file).isFile();
    const content = isFile ? parseRecord(readTextFile(this.#file)) : undefined;
    if (content !== undefined) return content;
    throw new SecretregError(
      'settings-invalid',
      { place: this.#file, reason: 'it is not a record of connect sync, and is left as it is' },
      { hint: '--state FILE    (another one; or move this one away)' },
    );
  }

  #write(connectors: ReadonlyMap<string, readonly Held[]>): void {
    makeFolderOf(this.#file);
    const content = { registry: this.#registry, cluster: this.#cluster, connectors };
    writeSecretFile(this.#file, recordText(content));
  }
}
