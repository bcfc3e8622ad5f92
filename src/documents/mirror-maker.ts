// Strimzi's KafkaMirrorMaker2: one resource that becomes several connectors, and the clusters whose settings each of them
// gets (strimzi-kafka-operator, KafkaMirrorMaker2Connectors; `spec.clusters` until v1beta2, `spec.target` and a `source` in
// each mirror from v1 on). A worker's own settings, `config.providers` among them, are left alone as in KafkaConnect.
import { at, isOfStrimzi } from './manifests.ts';
import { isObject, type JsonObject, scalarText } from './plain-value.ts';

/** Where the settings of one connector, or of one cluster, stand in the resource. */
export interface MirrorPart {
  /** Leads from the resource to the object that holds the settings. */
  path: readonly string[];
  settings: JsonObject;
  /** Only for a connector: its name, undefined where an alias is missing, and the member that describes it. */
  connector?: { name: string | undefined; path: readonly string[] };
}

/** What each member of a mirror becomes: `SOURCE->TARGET.MirrorSourceConnector`. */
const CONNECTORS = [
  ['sourceConnector', 'MirrorSourceConnector'],
  ['heartbeatConnector', 'MirrorHeartbeatConnector'],
  ['checkpointConnector', 'MirrorCheckpointConnector'],
] as const;

export function isMirrorMaker({ apiVersion, kind }: JsonObject): boolean {
  return kind === 'KafkaMirrorMaker2' && isOfStrimzi(apiVersion);
}

/** First the connectors of each mirror, in the order of CONNECTORS, then the clusters. */
export function mirrorParts(resource: JsonObject): MirrorPart[] {
  const mirrors = listAt(resource, ['spec', 'mirrors']);
  const clusters = [
    ...listAt(resource, ['spec', 'clusters']),
    { value: at(resource, ['spec', 'target']), path: ['spec', 'target'] },
    ...mirrors.map(({ value, path }) => ({
      value: at(value, ['source']),
      path: [...path, 'source'],
    })),
  ];
  return [
    ...mirrors.flatMap(({ value, path }) => connectorsOf(value, path, resource)),
    ...clusters.flatMap(({ value, path }) => settingsOf(value, path)),
  ];
}

function connectorsOf(mirror: unknown, path: readonly string[], resource: JsonObject) {
  const source = alias(mirror, 'sourceCluster') ?? alias(mirror, 'source', 'alias');
  const target = alias(mirror, 'targetCluster') ?? alias(resource, 'spec', 'target', 'alias');
  return CONNECTORS.flatMap(([member, kind]) => {
    const own = at(mirror, [member]);
    if (!isObject(own)) return [];
    const { config } = own;
    const around = [...path, member];
    const name =
      source === undefined || target === undefined ? undefined : `${source}->${target}.${kind}`;
    const connector = { name, path: around };
    return isObject(config)
      ? [{ path: [...around, 'config'], settings: config, connector }]
      : [{ path: around, settings: {}, connector }];
  });
}

/** The settings that every connector of the cluster gets: the cluster's own, and those of a `custom` authentication. */
function settingsOf(cluster: unknown, path: readonly string[]): MirrorPart[] {
  return [['config'], ['authentication', 'config']].flatMap((inner) => {
    const settings = at(cluster, inner);
    if (!isObject(settings)) return [];
    const own = Object.entries(settings).filter(([key]) => !WORKERS_OWN.test(key));
    return [{ path: [...path, ...inner], settings: Object.fromEntries(own) }];
  });
}

const WORKERS_OWN = /^config\.providers(?:\.|$)/;

function alias(value: unknown, ...path: string[]): string | undefined {
  const text = scalarText(at(value, path));
  return text === undefined || text.trim() === '' ? undefined : text;
}

function listAt(resource: JsonObject, path: readonly string[]) {
  const list = at(resource, path);
  if (!Array.isArray(list)) return [];
  return list.map((value: unknown, index) => ({ value, path: [...path, String(index)] }));
}
