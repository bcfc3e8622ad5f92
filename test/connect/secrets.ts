// Where the connectors of a test have their secrets: files for Kafka's own provider, or a registry for ours.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Secrets {
  /** One path's whole content. */
  set(path: string, values: Record<string, string>): Promise<void>;
  /** As it stands in a connector's configuration. */
  reference(path: string, key: string): string;
}

/** For `org.apache.kafka.common.config.provider.FileConfigProvider`. */
export class FileSecrets implements Secrets {
  readonly #folder = mkdtempSync(join(tmpdir(), 'secretreg-files-'));

  /** It may read the files of this folder, and no others. */
  get properties(): Record<string, string> {
    return {
      'config.providers': 'file',
      'config.providers.file.class': FILE_PROVIDER,
      'config.providers.file.param.allowed.paths': this.#folder,
    };
  }

  async set(path: string, values: Record<string, string>): Promise<void> {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(this.#file(path), lines.join(''));
  }

  reference(path: string, key: string): string {
    return `\${file:${this.#file(path)}:${key}}`;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(path: string): string {
    return join(this.#folder, `${path}.properties`);
  }
}

export const FILE_PROVIDER = 'org.apache.kafka.common.config.provider.FileConfigProvider';

/** A value that nothing else looks like. */
export function canary(): string {
  return `canary-${randomBytes(8).toString('hex')}`;
}
