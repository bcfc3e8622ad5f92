// The settings of one client by their names without `kafkastore.`, and the two ways to speak about one: a note, where it
// does not do what its writer hoped, and an error, where nothing can go on with it. Neither shows a value.
import { SecretregError } from '../../errors.ts';
import { PREFIX, type SettingName } from './setting-names.ts';

export class ClientSettings {
  readonly #settings: ReadonlyMap<string, string>;
  readonly notes: string[] = [];

  constructor(settings: ReadonlyMap<string, string>) {
    this.#settings = settings;
  }

  names(): Iterable<string> {
    return this.#settings.keys();
  }

  /** Undefined where it is not there or empty. */
  get(name: SettingName): string | undefined {
    const value = this.#settings.get(name)?.trim();
    return value === '' ? undefined : value;
  }

  /** Empty is a value too. */
  has(name: SettingName): boolean {
    return this.#settings.has(name);
  }

  /** A whole number from `least` on. */
  number(name: SettingName, least: number): number | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text) || Number(text) < least)
      throw invalid(name, `it should be a whole number from ${least} on`);
    return Number(text);
  }

  note(text: string): void {
    this.notes.push(text);
  }
}

export function invalid(name: SettingName, reason: string, hint?: string): SecretregError {
  return new SecretregError('settings-invalid', { place: `${PREFIX}${name}`, reason }, { hint });
}
