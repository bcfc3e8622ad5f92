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
  const [, part, name] = PART.exec(setting) ?? [];
  if (part !== undefined && name !== undefined) return { className: valueOf(`${part}.type`), name };
  const [, converter, ownName] = CONVERTER.exec(setting) ?? [];
  if (converter !== undefined && ownName !== undefined)
    return { className: valueOf(converter), name: ownName };
  return { className: valueOf('connector.class'), name: setting };
}

/** Made when it is first asked. */
export function valuesIn(entries: readonly Entry[]): (setting: string) => string | undefined {
  let values: Map<string, string | null> | undefined;
  return (setting) => {
    values ??= new Map(entries.map(({ key, value }) => [key, value]));
    return values.get(setting) ?? undefined;
  };
}

const PART = /^((?:transforms|predicates)\.[^.]+)\.(.+)$/;
const CONVERTER = /^((?:key|value|header)\.converter)\.(.+)$/;
