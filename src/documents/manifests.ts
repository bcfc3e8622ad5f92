// Connectors as resources of Kubernetes operators and of Jikkou. Each has the class and the number of tasks beside the
// settings, under names of its own, and gives the connector the name of the resource.
import { isObject, type JsonObject, scalarText } from './plain-value.ts';

/** Where a resource has what belongs to a connector. */
export interface Manifest {
  /** Path in the resource of the object that holds the settings, whether it is there or not. */
  config: readonly string[];
  settings: JsonObject;
  /** Settings that stand outside `config`: the class and the number of tasks. */
  fields: readonly { key: string; path: readonly string[]; value: unknown }[];
  /** Paths of the names, in the order in which they count. */
  names: readonly (readonly string[])[];
  isNamedLater: boolean;
  called: { name: readonly string[]; class: readonly string[] };
}

interface Kind {
  /** Group of the `apiVersion`, in front of its '/'. */
  group: string;
  kind: string;
  /** Paths in the resource: of the settings, of the class, and of the number of tasks. */
  config: readonly string[];
  class: readonly string[];
  tasks: readonly string[] | undefined;
  names(resource: JsonObject): readonly (readonly string[])[];
}

const METADATA_NAME = ['metadata', 'name'];

/** https://strimzi.io/docs/operators/latest/configuring.html#type-KafkaConnectorSpec-reference */
const STRIMZI: Kind = {
  group: 'kafka.strimzi.io',
  kind: 'KafkaConnector',
  config: ['spec', 'config'],
  class: ['spec', 'class'],
  tasks: ['spec', 'tasksMax'],
  names: () => [METADATA_NAME, ['spec', 'config', 'name']],
};

/** IBM's Event Streams is made of Strimzi, whose resources it has in a group of its own. */
const EVENT_STREAMS: Kind = { ...STRIMZI, group: 'eventstreams.ibm.com' };

const KINDS: readonly Kind[] = [
  STRIMZI,
  EVENT_STREAMS,
  {
    // https://docs.confluent.io/operator/current/co-manage-connectors.html: `spec.name` replaces `metadata.name`.
    group: 'platform.confluent.io',
    kind: 'Connector',
    config: ['spec', 'configs'],
    class: ['spec', 'class'],
    tasks: ['spec', 'taskMax'],
    names: ({ spec }) => [nameOrMetadata(spec), ['spec', 'configs', 'name']],
  },
  {
    // https://docs.confluent.io/operator/current/blueprints/cob-connectors.html
    group: 'apps.cpc.platform.confluent.io',
    kind: 'Connector',
    config: ['spec', 'connectorConfigs', 'configs'],
    class: ['spec', 'connectorConfigs', 'class'],
    tasks: ['spec', 'connectorConfigs', 'taskMax'],
    names: ({ spec }) => [nameOrMetadata(spec), ['spec', 'connectorConfigs', 'configs', 'name']],
  },
  {
    // jikkou-provider-kafka-connect, V1KafkaConnectorSpec
    ...STRIMZI,
    group: 'kafka.jikkou.io',
    class: ['spec', 'connectorClass'],
  },
  {
    // aiven-operator, controllers/kafkaconnector_controller.go: a `name` among the settings replaces that of the resource,
    // by which the operator then looks for the connector.
    group: 'aiven.io',
    kind: 'KafkaConnector',
    config: ['spec', 'userConfig'],
    class: ['spec', 'connectorClass'],
    tasks: undefined,
    names: () => [METADATA_NAME, ['spec', 'userConfig', 'name']],
  },
];

/** undefined for what is no connector's resource. */
export function manifestOf(resource: JsonObject): Manifest | undefined {
  const kind = kindOf(resource);
  if (kind === undefined) return undefined;
  const settings = at(resource, kind.config);
  const fields = [
    { key: 'connector.class', path: kind.class },
    ...(kind.tasks === undefined ? [] : [{ key: 'tasks.max', path: kind.tasks }]),
  ].map(({ key, path }) => ({ key, path, value: at(resource, path) }));
  return {
    config: kind.config,
    settings: isObject(settings) ? settings : {},
    fields: fields.filter(({ value }) => scalarText(value) !== undefined),
    names: kind.names(resource),
    // Kubernetes makes a name of it.
    isNamedLater: at(resource, ['metadata', 'generateName']) !== undefined,
    called: { name: METADATA_NAME, class: kind.class },
  };
}

/** True for an `apiVersion` of Strimzi, or of what has the same resources. */
export function isOfStrimzi(apiVersion: unknown): boolean {
  if (typeof apiVersion !== 'string') return false;
  const [group] = apiVersion.split('/', 1);
  return group === STRIMZI.group || group === EVENT_STREAMS.group;
}

/** The resources of `kind: List`, of a `KafkaConnectorList`, and of what `kubectl get -o yaml` gives. */
export function itemsOf({ kind, apiVersion, items }: JsonObject): readonly unknown[] | undefined {
  const isList =
    typeof kind === 'string' && kind.endsWith('List') && typeof apiVersion === 'string';
  return isList && Array.isArray(items) ? items : undefined;
}

export function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function kindOf({ apiVersion, kind }: JsonObject): Kind | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const [group] = apiVersion.split('/', 1);
  return KINDS.find((it) => it.kind === kind && it.group === group);
}

function nameOrMetadata(spec: unknown): readonly string[] {
  return isObject(spec) && scalarText(spec['name']) !== undefined
    ? ['spec', 'name']
    : METADATA_NAME;
}
