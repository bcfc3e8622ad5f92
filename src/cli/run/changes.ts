// What has changed of the secrets that a command has. Versions are looked at first, which costs no audit line where the
// registry is here; a value is read, and audited, only when its version is another one.
import { type SecretKey, secretName, type SecretPath } from '../../domain/names.ts';
import type { KeyInfo, SecretVersion } from '../../domain/registry.ts';
import { versionsOf } from '../../connect/plan.ts';
import { hasCode } from '../../errors.ts';
import type { RegistryNames } from '../registry-names.ts';
import type { Held, Wanted } from './source.ts';

interface Watched {
  wanted: Wanted;
  held: Held;
  read: (wanted: Wanted) => Promise<Held>;
  tell: (text: string) => void;
}

interface Ref {
  path: SecretPath;
  key: SecretKey;
}

/** After so many looks that each found other versions, those of the next look are read at once. */
const MOST_UNSETTLED = 5;

export class Changes {
  readonly #wanted: Wanted;
  readonly #read: Watched['read'];
  readonly #tell: Watched['tell'];
  readonly #held: Map<string, SecretVersion>;
  readonly #deleted = new Set<string>();
  #position: number | undefined;
  /** The new versions that the last look found, and how many looks in a row found other ones. */
  #seen: { versions: string; looks: number } | undefined;

  constructor({ wanted, held, read, tell }: Watched) {
    this.#wanted = wanted;
    this.#read = read;
    this.#tell = tell;
    this.#held = new Map(held);
  }

  /** What is known now. What was deleted is still held: the command goes on with it. */
  get held(): Held {
    return this.#held;
  }

  /**
   * Brings `held` up to date. Versions have to be the same for two looks before they are read: a user and a password are
   * mostly changed by two commands, and belong together.
   */
  async look(names: RegistryNames): Promise<void> {
    const position = await names.position();
    if (position === this.#position && this.#seen === undefined) return;
    const moved = this.#movedIn(await this.#listed(names));
    this.#position = position;
    if (moved.length === 0) this.#seen = undefined;
    if (!this.#isSettled(moved)) return;
    for (const [name, secret] of await this.#read(byPath(moved))) this.#held.set(name, secret);
    this.#seen = undefined;
  }

  /** The next look lists all versions again, whatever was committed since. */
  forget(): void {
    this.#position = undefined;
  }

  async #listed(names: RegistryNames): Promise<KeyInfo[]> {
    const keys: KeyInfo[] = [];
    for (const path of this.#wanted.keys()) keys.push(...(await keysOf(names, path)));
    return keys;
  }

  #movedIn(listed: readonly KeyInfo[]): (Ref & { version: number })[] {
    const versions = versionsOf(listed);
    return this.#refsIn(listed).flatMap((ref) => {
      const version = versions(ref);
      this.#tellDeleted(secretName(ref), version === undefined);
      if (version === undefined || version === this.#held.get(secretName(ref))?.version) return [];
      return [{ ...ref, version }];
    });
  }

  /** The secrets that the command has, and, where all keys of a path are wanted, those that came since. */
  #refsIn(listed: readonly KeyInfo[]): Ref[] {
    const refs = new Map<string, Ref>();
    for (const ref of this.#held.values()) refs.set(secretName(ref), ref);
    for (const ref of listed)
      if (this.#wanted.get(ref.path) === undefined) refs.set(secretName(ref), ref);
    return [...refs.values()];
  }

  #tellDeleted(name: string, isDeleted: boolean): void {
    if (!isDeleted) this.#deleted.delete(name);
    else if (this.#held.has(name) && !this.#deleted.has(name)) {
      this.#deleted.add(name);
      this.#tell(`${name} was deleted; the command goes on with the value that it has`);
    }
  }

  #isSettled(moved: readonly (Ref & { version: number })[]): boolean {
    if (moved.length === 0) return false;
    const versions = moved.map((ref) => `${secretName(ref)}:${ref.version}`).join('\n');
    const before = this.#seen;
    if (before?.versions === versions || (before?.looks ?? 0) >= MOST_UNSETTLED) return true;
    this.#seen = { versions, looks: (before?.looks ?? 0) + 1 };
    return false;
  }
}

/** The names of the secrets with another value than before: a new version may have the same value. */
export function changedIn(held: Held, before: Held): string[] {
  return [...held].flatMap(([name, { value }]) =>
    before.get(name)?.value.reveal() === value.reveal() ? [] : [name],
  );
}

/** To a server, a path without any key is not there. */
async function keysOf(names: RegistryNames, path: SecretPath): Promise<KeyInfo[]> {
  try {
    return await names.keys({ path });
  } catch (error) {
    if (hasCode(error, 'path-not-found')) return [];
    throw error;
  }
}

function byPath(refs: readonly Ref[]): Wanted {
  const groups = Map.groupBy(refs, ({ path }) => path);
  return new Map([...groups].map(([path, own]) => [path, own.map(({ key }) => key)]));
}
