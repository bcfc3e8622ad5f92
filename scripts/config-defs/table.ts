// The table that the validator carries, from what the classes declare.
import type { ConfigDef } from './read-config-defs.ts';

/** As in src/validator/secrets/password-settings.json. */
export interface PasswordTable {
  /** The classes of each artifact. */
  sources: Record<string, Record<string, ClassSettings>>;
  /** Names of settings that are no passwords, in sets which classes share; each name stands in one set. */
  plain: string[][];
}

interface ClassSettings {
  passwords: string[];
  /** Numbers of sets of the table's `plain`. */
  plain: number[];
}

export interface Read {
  artifact: string;
  defs: readonly ConfigDef[];
}

/** Of Kafka's clients only the passwords: nobody asks for the rest. */
export function tableOf(all: readonly Read[]): PasswordTable {
  const sources: PasswordTable['sources'] = {};
  const classes = new Map<string, ClassSettings>();
  const owners = new Map<string, string[]>();
  for (const { artifact, defs } of all) {
    for (const { class: name, kind, settings } of defs) {
      const passwords = namesOf(settings, (type) => type === 'PASSWORD');
      const one = { passwords, plain: [] };
      classes.set(name, one);
      (sources[artifact] ??= {})[name] = one;
      if (kind === 'client') continue;
      for (const setting of namesOf(settings, (type) => type !== 'PASSWORD'))
        owners.set(setting, [...(owners.get(setting) ?? []), name]);
    }
  }
  return { sources, plain: setsOf(owners, classes) };
}

function namesOf(settings: Record<string, string>, isWanted: (type: string) => boolean): string[] {
  return Object.entries(settings)
    .filter(([, type]) => isWanted(type))
    .map(([name]) => name)
    .sort();
}

/** Names that the same classes have make a set, whose number each of the classes is given. */
function setsOf(
  owners: ReadonlyMap<string, readonly string[]>,
  classes: ReadonlyMap<string, ClassSettings>,
): string[][] {
  const sets = new Map<string, string[]>();
  for (const setting of [...owners.keys()].sort()) {
    const key = JSON.stringify(owners.get(setting));
    sets.set(key, [...(sets.get(key) ?? []), setting]);
  }
  [...sets.keys()].forEach((key, number) => {
    for (const name of JSON.parse(key) as string[]) classes.get(name)?.plain.push(number);
  });
  return [...sets.values()];
}
