// `import --from-rest`: the latest value of every key of another registry, written here in several commits. Values that are
// equal here are passed over: whatever ended it, the same command goes on.
import { OriginalRegistry } from '../client/original-registry.ts';
import { count } from '../domain/count.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import type { Registry, Write } from '../domain/registry.ts';
import type { Result } from '../domain/result.ts';
import { parseSecretValue, type SecretValue } from '../domain/secret-value.ts';
import { errors, hasCode, SecretregError } from '../errors.ts';
import { type Io, note, print } from './io.ts';
import { absolute } from './named-file.ts';
import { startBar } from './progress.ts';
import { connectionOptions } from './remote-client.ts';
import { type RemoteSettings, remoteSettings } from './remote-settings.ts';
import { withRegistry } from './session.ts';
import type { SharedFlags } from './settings.ts';

export interface ImportFlags extends SharedFlags {
  force?: boolean;
  fromTokenFile?: string;
  fromUser?: string;
  fromPasswordFile?: string;
  fromCaFile?: string;
  fromInsecureHttp?: boolean;
}

/** The most of one commit: few enough to be quick, and below what a server takes at once. */
const BATCH = 256;
const BATCH_BYTES = 2 * 1024 * 1024;
/** Requests to the other registry at the same time. */
const AT_ONCE = 8;

/** The exit code: 1 where something could not be taken. */
export async function importFromRest(io: Io, url: string, flags: ImportFlags): Promise<number> {
  const source = new OriginalRegistry(connectionOptions(sourceSettings(io, url, flags)));
  const bar = await startBar(io, 'importing');
  try {
    const copy = await withRegistry(io, flags, {}, async ({ registry }) => {
      const running = new Copy(source, registry, flags.force ?? false);
      await running.run((done, total) => bar.show(done, total));
      return running;
    });
    bar.end();
    return await report(io, copy, source.place);
  } finally {
    bar.end();
    source.close();
  }
}

/** The settings for the other registry: nothing of those for the registry here, such as its token, is sent there. */
function sourceSettings(io: Io, url: string, flags: ImportFlags): RemoteSettings {
  const { fromTokenFile, fromUser, fromPasswordFile, fromCaFile, fromInsecureHttp } = flags;
  if (fromTokenFile !== undefined && (fromUser ?? fromPasswordFile) !== undefined)
    throw new SecretregError('wrong-use', {
      reason: '--from-token-file and --from-user exclude each other',
    });
  if ((fromUser === undefined) !== (fromPasswordFile === undefined))
    throw new SecretregError('wrong-use', {
      reason: '--from-user and --from-password-file belong together',
    });
  const env = {
    SECRETREG_USER: fromUser,
    SECRETREG_PASSWORD_FILE: fromPasswordFile && absolute(fromPasswordFile, io.cwd),
  };
  return remoteSettings({
    registry: { value: url, origin: '--from-rest' },
    flags: {
      ...(fromTokenFile !== undefined && { tokenFile: fromTokenFile }),
      ...(fromCaFile !== undefined && { caFile: fromCaFile }),
      ...(fromInsecureHttp && { insecureHttp: true }),
    },
    io: { ...io, env },
    context: undefined,
  });
}

class Copy {
  readonly #source: OriginalRegistry;
  readonly #target: Registry;
  readonly #force: boolean;
  readonly #paths = new Set<SecretPath>();
  #batch: Write[] = [];
  #batchBytes = 0;
  written = 0;
  /** How many of the written values replaced another one. */
  replaced = 0;
  equal = 0;
  /** What could not be taken, and why. */
  readonly left: string[] = [];

  constructor(source: OriginalRegistry, target: Registry, force: boolean) {
    this.#source = source;
    this.#target = target;
    this.#force = force;
  }

  get pathCount(): number {
    return this.#paths.size;
  }

  async run(show: (done: number, total: number) => void): Promise<void> {
    const names = await this.#asked(this.#source.paths());
    const paths = this.#parsed(names, parsePath, 'path');
    for (const [i, path] of paths.entries()) {
      show(i, paths.length);
      await this.#copyPath(path);
    }
    await this.#commit();
  }

  async #copyPath(path: SecretPath): Promise<void> {
    const found = await this.#asked(this.#source.keys(path));
    const keys = this.#parsed(found, parseKey, 'key', path);
    for (let i = 0; i < keys.length; i += AT_ONCE) {
      const part = keys.slice(i, i + AT_ONCE);
      const [values, here] = await Promise.all([
        Promise.all(part.map((key) => this.#asked(this.#source.latest(path, key)))),
        this.#target.readPath(path, part),
      ]);
      for (const [j, key] of part.entries()) {
        const value = this.#checked(path, key, values[j]);
        const before = here.find((one) => one.key === key);
        if (value === undefined) continue;
        if (before?.value.reveal() === value.reveal()) this.equal += 1;
        // Only over the version that was compared: what somebody writes here meanwhile is not lost.
        else await this.#write({ path, key, value, onlyOver: before?.version ?? 'none' });
      }
    }
  }

  /** Names the other registry in its refusals: two registries are asked here. */
  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!hasCode(error, 'not-authenticated', 'not-allowed')) throw error;
      const options = {
        cause: error,
        text: `${this.#source.place}: ${error.message}`,
        hint: '--from-token-file FILE, or --from-user NAME --from-password-file FILE',
      };
      throw new SecretregError(error.code, error.params, options);
    }
  }

  async #write(write: Write): Promise<void> {
    const bytes = write.value.reveal().length;
    if (this.#batch.length === BATCH || this.#batchBytes + bytes > BATCH_BYTES)
      await this.#commit();
    this.#batch.push(write);
    this.#batchBytes += bytes;
  }

  async #commit(): Promise<void> {
    if (this.#batch.length === 0) return;
    await this.#target.write(this.#batch);
    for (const { path, onlyOver } of this.#batch) {
      this.#paths.add(path);
      this.written += 1;
      if (onlyOver !== 'none') this.replaced += 1;
    }
    this.#batch = [];
    this.#batchBytes = 0;
  }

  #checked(path: SecretPath, key: SecretKey, value: SecretValue | undefined) {
    if (value === undefined) return undefined;
    const parsed = parseSecretValue(value.reveal(), { force: this.#force });
    if (parsed.ok) return parsed.value;
    this.left.push(errors[parsed.problem].text({ path, key, limit: '256 KiB' }));
    return undefined;
  }

  #parsed<T>(
    names: readonly string[],
    parse: (text: string) => Result<T, string>,
    what: 'path' | 'key',
    path = '',
  ): T[] {
    return names.toSorted().flatMap((name) => {
      const parsed = parse(name);
      if (parsed.ok) return [parsed.value];
      const of = path === '' ? '' : ` of ${path}`;
      this.left.push(`'${name}'${of} cannot be a ${what} here: it ${parsed.problem}`);
      return [];
    });
  }
}

async function report(io: Io, copy: Copy, place: string): Promise<number> {
  const { written, replaced, equal, left, pathCount } = copy;
  for (const text of left) note(io, `not taken: ${text}`);
  const over = replaced > 0 ? `, ${replaced} of them over another value` : '';
  const same = equal > 0 ? `; ${equal} more ${equal === 1 ? 'is' : 'are'} equal already` : '';
  await print(
    io,
    `imported ${count(written, 'secret')} under ${count(pathCount, 'path')}${over}${same}\n`,
  );
  if (written > 0)
    note(io, `only the latest values of ${place} were taken: version numbers start anew here`);
  return left.length > 0 ? 1 : 0;
}
