// The configuration that a worker is asked about. It cannot have the values, and must not: its answers quote them, and
// a reference would be resolved, or refused for its path. So each reference gives way to a text of the setting's type.
import { pointerSegment } from '../../documents/json-pointer.ts';
import type { Connector } from '../../documents/shapes.ts';
import { isForeignTemplate } from '../../domain/foreign-template.ts';
import { type Reference, scanReferences } from '../../domain/reference.ts';
import type { ProviderNames } from '../../domain/reference-fault.ts';
import type { Definition } from './verdict.ts';

export interface Dummy {
  setting: string;
  reference: Reference;
  /** What the file has for it. */
  written: string;
  /** What the worker is given for it. */
  text: string;
}

export interface Asked {
  /** The settings for the worker. An object or a list, which Connect takes in no setting, becomes an empty object. */
  config: Record<string, string | null | object>;
  dummies: readonly Dummy[];
}

/** `name` is the connector's, which Connect itself adds where the settings lack it. */
export function withDummies(
  connector: Connector,
  name: string | undefined,
  definitions: readonly Definition[],
  providers: ProviderNames,
): Asked {
  const types = new Map(definitions.map((one) => [one.name, one]));
  const dummies: Dummy[] = [];
  const config: Asked['config'] = { ...(name !== undefined && { name }) };
  for (const { key, value, pointer } of connector.entries) {
    const isScalar = pointer === `${connector.configPointer}/${pointerSegment(key)}`;
    if (!isScalar) config[key] = {};
    else if (value === null) config[key] = null;
    else config[key] = filled(key, value);
  }
  return { config, dummies };

  function filled(setting: string, value: string): string {
    let text = '';
    let done = 0;
    for (const reference of scanReferences(value)) {
      if (!providers.isKnown(reference.provider) && isForeignTemplate(reference)) continue;
      const { start, end } = reference;
      const isWhole = start === 0 && end === value.length;
      const dummy = dummyText(types.get(setting), isWhole, dummies.length + 1);
      dummies.push({ setting, reference, written: value.slice(start, end), text: dummy });
      text += value.slice(done, start) + dummy;
      done = end;
    }
    return text + value.slice(done);
  }
}

/** True for a dummy that stands nowhere else by chance. */
export function isUnique({ text }: Dummy): boolean {
  return UNIQUE.test(text);
}

const UNIQUE = /^secretregdummy\d+z$/;

/** What the worker most probably accepts: for numbers and choices the default, which is within the connector's own limits. */
function dummyText(definition: Definition | undefined, isWhole: boolean, number: number): string {
  // Letters and digits only: right in a URL, in a JAAS text and behind a `=`; and no `${`, which a worker would resolve.
  const unique = `secretregdummy${number}z`;
  const { type = 'STRING', defaultValue, recommended: [first] = [] } = definition ?? {};
  const usual = defaultValue === undefined || defaultValue === '' ? first : defaultValue;
  switch (type) {
    case 'INT':
    case 'SHORT':
    case 'LONG':
      return isWhole ? (usual ?? '1') : '1';
    case 'DOUBLE':
      return isWhole ? (usual ?? '0.5') : '1';
    case 'BOOLEAN':
      return 'true';
    case 'CLASS':
      return isWhole ? (usual ?? 'java.lang.Object') : unique;
    case 'STRING':
    case 'LIST':
      return isWhole ? (usual ?? unique) : unique;
    default:
      return unique;
  }
}
