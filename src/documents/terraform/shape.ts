// The connectors of a Terraform file, each resource as its provider reads it.
import type { SourceDocument } from '../document.ts';
import { below, isObject, type JsonObject } from '../plain-value.ts';
import { type Connector, flatMap, inside, ofResource, type ShapeOptions } from '../shapes.ts';
import { EXPRESSION } from './template.ts';
import { UNKNOWN } from '../unknown.ts';
import type { ResourceValue } from './terraform.ts';

interface Provider {
  /** The arguments that hold settings; the first one always has to be there. */
  settings: readonly string[];
  /** Where the name stands, in the order in which it counts. */
  names: readonly (readonly string[])[];
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  // Mongey/kafka-connect
  'kafka-connect_connector': {
    settings: ['config', 'config_sensitive'],
    names: [['name'], ['config', 'name']],
  },
  // confluentinc/confluent
  confluent_connector: {
    settings: ['config_nonsensitive', 'config_sensitive'],
    names: [['config_nonsensitive', 'name']],
  },
  // hashicorp/aws
  aws_mskconnect_connector: {
    settings: ['connector_configuration'],
    names: [['name']],
  },
  // aiven/aiven
  aiven_kafka_connector: {
    settings: ['config'],
    names: [['connector_name'], ['config', 'name']],
  },
};

/** Whether resources of this type are read at all. */
export function mayDescribeConnector(type: string): boolean {
  return type === MANIFEST || Object.hasOwn(PROVIDERS, type);
}

export function connectorsOfTerraform(
  document: SourceDocument,
  options: ShapeOptions,
): Connector[] {
  return document.roots.flatMap(({ pointer, value }) => {
    const { type, body } = value as ResourceValue;
    if (type === undefined) return inside(body, `${pointer}/body`, { document, ...options });
    if (type === MANIFEST) return connectorsOfManifest(document, `${pointer}/body`, body);
    const provider = PROVIDERS[type];
    return provider === undefined ? [] : [connectorOf(document, `${pointer}/body`, body, provider)];
  });
}

/** hashicorp/kubernetes */
const MANIFEST = 'kubernetes_manifest';

/** The resource of an operator. A name that is computed is not known here. */
function connectorsOfManifest(
  document: SourceDocument,
  pointer: string,
  { manifest }: Record<string, unknown>,
): Connector[] {
  if (!isObject(manifest)) return [];
  const found = ofResource(manifest, below(pointer, 'manifest'), { document }) ?? [];
  return found.map((one) => {
    const names = one.names.filter(({ text }) => known(text) !== UNKNOWN);
    const unknown = {
      name: one.unknown?.name === true || names.length < one.names.length,
      settings:
        one.unknown?.settings === true ||
        one.entries.some(({ key, value }) => key === CLASS && known(value) === UNKNOWN),
    };
    return Object.assign(one, { names, name: names[0]?.text, unknown });
  });
}

function connectorOf(
  document: SourceDocument,
  pointer: string,
  body: Record<string, unknown>,
  { settings, names }: Provider,
): Connector {
  const [main = ''] = settings;
  const maps = settings.map((argument) => ({ argument, map: body[argument] }));
  const isOpen = maps.some(({ map }) => map === UNKNOWN || (isObject(map) && isOpenMap(map)));
  const named = names.map((path) => ({ path, value: known(valueAt(body, path)) }));
  const nonEmpty = named.flatMap(({ path, value }) => {
    if (typeof value !== 'string' || value.trim() === '') return [];
    const place = { pointer: path.reduce(below, pointer), place: path.join('.') };
    return [{ text: value, ...place, isMember: false }];
  });
  const configPointer = isObject(body[main]) ? below(pointer, main) : pointer;
  return {
    document,
    name: nonEmpty[0]?.text,
    names: nonEmpty,
    // Where a missing name would be put.
    pointer: names.every(([first]) => first === main) ? configPointer : pointer,
    configPointer,
    needsName: true,
    entries: maps.flatMap(({ argument, map }) =>
      isObject(map) ? flatMap(map, below(pointer, argument), { document }).entries : [],
    ),
    unknown: {
      name: isOpen || named.some(({ value }) => value === UNKNOWN),
      settings: isOpen,
    },
  };
}

/** A name or class with an expression in it is unknown. */
function known(value: unknown): unknown {
  return typeof value === 'string' && value.includes(EXPRESSION) ? UNKNOWN : value;
}

function isOpenMap(map: JsonObject): boolean {
  return Object.hasOwn(map, UNKNOWN) || known(map[CLASS]) === UNKNOWN;
}

const CLASS = 'connector.class';

function valueAt(body: Record<string, unknown>, path: readonly string[]): unknown {
  let value: unknown = body;
  for (const name of path)
    value = isObject(value) ? value[name] : value === UNKNOWN ? value : undefined;
  return value;
}
