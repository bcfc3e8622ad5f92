// To whom a setting belongs: to the connector, or to a transformation, predicate or converter that the connector names.
import type { Entry } from '../../documents/shapes.ts';
import { Kept } from './kept.ts';

export interface OwnSetting {
  /** The class that declares it, as the configuration names it; undefined where it names none. */
  className: string | undefined;
  /** The name of the setting in that class. */
  name: string;
}

/** False for a setting that can only be the connector's, as nearly all are. */
export function mayBeOfPart(setting: string): boolean {
  return OF_PART.test(setting);
}

const OF_PART = /^(?:transforms|predicates|key|value|header)\./;

/** `valueOf` gives the value of another setting of the connector. */
export function ownSetting(
  setting: string,
  valueOf: (setting: string) => string | undefined,
): OwnSetting {
  const { names, name } = places.of(setting, placeOf);
  return { className: valueOf(names), name };
}

/** Mostly few values are asked for: a table is made only when there are more. */
export function valuesIn(entries: readonly Entry[]): (setting: string) => string | undefined {
  let asked = 0;
  let values: Map<string, string | null> | undefined;
  const valueOf = (setting: string) => {
    asked += 1;
    if (asked <= MOST_WITHOUT_TABLE)
      return entries.find(({ key }) => key === setting)?.value ?? undefined;
    values ??= new Map(entries.toReversed().map(({ key, value }) => [key, value]));
    return values.get(setting) ?? undefined;
  };
  // The settings of one part stand together, and ask for the same value.
  let last: { setting: string; value: string | undefined } | undefined;
  return (setting) => {
    if (last?.setting !== setting) last = { setting, value: valueOf(setting) };
    return last.value;
  };
}

const MOST_WITHOUT_TABLE = 50;

interface SettingPlace {
  /** The setting that names the class. */
  names: string;
  name: string;
}

const places = new Kept<SettingPlace>({ most: 5000, longest: 200 });

function placeOf(setting: string): SettingPlace {
  const [, part, name] = PART.exec(setting) ?? [];
  if (part !== undefined && name !== undefined) return { names: `${part}.type`, name };
  const [, converter, ownName] = CONVERTER.exec(setting) ?? [];
  if (converter !== undefined && ownName !== undefined) return { names: converter, name: ownName };
  return { names: 'connector.class', name: setting };
}

const PART = /^((?:transforms|predicates)\.[^.]+)\.(.+)$/;
const CONVERTER = /^((?:key|value|header)\.converter)\.(.+)$/;
