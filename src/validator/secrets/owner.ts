// Whose setting it is: the connector's, or that of a transformation, predicate or converter which it names.
import type { Entry } from '../../documents/shapes.ts';

export interface OwnSetting {
  /** The class that declares it, as the configuration names it; undefined where it names none. */
  className: string | undefined;
  /** Its name there. */
  name: string;
}

/** False for what is the connector's in any case, which is nearly all. */
export function mayBeOfPart(setting: string): boolean {
  return /^(?:transforms|predicates|key|value|header)\./.test(setting);
}

/** `valueOf` gives the value of another setting of the connector. */
export function ownSetting(
  setting: string,
  valueOf: (setting: string) => string | undefined,
): OwnSetting {
  const kept = places.get(setting);
  const { names, name } = kept ?? placeOf(setting);
  if (kept === undefined && places.size < MOST_NAMES && setting.length < LONGEST_NAME)
    places.set(setting, { names, name });
  return { className: valueOf(names), name };
}

/** Few are asked for, so that no table is made. */
export function valuesIn(entries: readonly Entry[]): (setting: string) => string | undefined {
  return (setting) => entries.find(({ key }) => key === setting)?.value ?? undefined;
}

interface SettingPlace {
  /** The setting that names the class. */
  names: string;
  name: string;
}

const MOST_NAMES = 5000;
const LONGEST_NAME = 200;
const places = new Map<string, SettingPlace>();

function placeOf(setting: string): SettingPlace {
  const [, part, name] = PART.exec(setting) ?? [];
  if (part !== undefined && name !== undefined) return { names: `${part}.type`, name };
  const [, converter, ownName] = CONVERTER.exec(setting) ?? [];
  if (converter !== undefined && ownName !== undefined) return { names: converter, name: ownName };
  return { names: 'connector.class', name: setting };
}

const PART = /^((?:transforms|predicates)\.[^.]+)\.(.+)$/;
const CONVERTER = /^((?:key|value|header)\.converter)\.(.+)$/;
