// The connectors of a KafkaMirrorMaker2 and the settings of its clusters, in both forms of the resource.
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseJson } from '../../src/documents/json.ts';
import { connectorsIn } from '../../src/documents/shapes.ts';
import { parseYaml } from '../../src/documents/yaml/document.ts';

function mirrorMaker(version: string, spec: unknown) {
  const apiVersion = `kafka.strimzi.io/${version}`;
  return { apiVersion, kind: 'KafkaMirrorMaker2', metadata: { name: 'mm2' }, spec };
}

/** Without the number of the document in a stream of YAML, and without what is round the resource. */
function withinRoot(pointer: string): string {
  return pointer.slice(pointer.indexOf('/spec'));
}

/** Each as its name, what stands at the place of its settings, and the settings; in YAML and in JSON. */
function shown(value: unknown) {
  const documents = [parseJson(JSON.stringify(value)), parseYaml(stringify(value))];
  const [first, ...others] = documents.map((document) =>
    connectorsIn(document, { holdsReference: () => false }).map((connector) => {
      document.locate(connector.configPointer);
      for (const { pointer } of connector.names) document.locateName(pointer);
      for (const entry of connector.entries) {
        const { start, end } = document.locate(entry.pointer);
        expect(document.text.slice(start, end).replaceAll('"', '')).toBe(entry.value);
      }
      expect(connector.unknown?.settings).toBe(true);
      expect(connector.unknown?.name).toBe(connector.name === undefined);
      return [
        connector.name,
        withinRoot(connector.configPointer),
        connector.entries.map(({ key }) => key),
      ];
    }),
  );
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const clusters = [
  { alias: 'a', config: { 'client.id': 'x' } },
  { alias: 'b', config: { 'config.providers': 'own', 'config.providers.own.class': 'C', k: 'v' } },
];

const mirror = {
  sourceConnector: { tasksMax: 1, config: { s: '1' } },
  heartbeatConnector: {},
  checkpointConnector: { config: { c: '1' } },
};

const OLD = [
  ['a->b.MirrorSourceConnector', '/spec/mirrors/0/sourceConnector/config', ['s']],
  ['a->b.MirrorHeartbeatConnector', '/spec/mirrors/0/heartbeatConnector', []],
  ['a->b.MirrorCheckpointConnector', '/spec/mirrors/0/checkpointConnector/config', ['c']],
  [undefined, '/spec/clusters/0/config', ['client.id']],
  [undefined, '/spec/clusters/1/config', ['k']],
];

test('with a list of clusters', () => {
  const mirrors = [{ sourceCluster: 'a', targetCluster: 'b', ...mirror }];
  const value = mirrorMaker('v1beta2', { clusters, mirrors });
  expect(shown(value)).toEqual(OLD);
  expect(shown({ ...value, apiVersion: 'eventstreams.ibm.com/v1beta2' })).toEqual(OLD);
});

test('with one target and a source in each mirror', () => {
  const custom = { type: 'custom', config: { 'sasl.jaas.config': 'x' } };
  const target = { alias: 'b', authentication: custom };
  const mirrors = [
    { source: { alias: 'a' }, sourceConnector: {} },
    { source: { alias: 'c', authentication: custom }, sourceConnector: { config: { s: '1' } } },
  ];
  expect(shown(mirrorMaker('v1', { target, mirrors }))).toEqual([
    ['a->b.MirrorSourceConnector', '/spec/mirrors/0/sourceConnector', []],
    ['c->b.MirrorSourceConnector', '/spec/mirrors/1/sourceConnector/config', ['s']],
    [undefined, '/spec/target/authentication/config', ['sasl.jaas.config']],
    [undefined, '/spec/mirrors/1/source/authentication/config', ['sasl.jaas.config']],
  ]);
});

test('in a list, and among the objects of something else', () => {
  const mirrors = [{ sourceCluster: 'a', targetCluster: 'b', ...mirror }];
  const one = mirrorMaker('v1beta2', { mirrors });
  const names = OLD.slice(0, 3).map(([name]) => name);
  const list = { apiVersion: 'v1', kind: 'List', items: [one] };
  for (const value of [list, { objects: [one] }])
    expect(shown(value)?.map(([name]) => name)).toEqual(names);
});

test.each([
  ['no alias', { sourceCluster: 'a', sourceConnector: { config: { s: '1' } } }],
  [
    'an alias that is rendered later',
    { sourceCluster: '{{ .from }}', targetCluster: 'b', ...mirror },
  ],
])('has no known name with %s', (_what, one) => {
  const names = shown(mirrorMaker('v1beta2', { mirrors: [one] }))?.map(([name]) => name);
  expect(new Set(names)).toEqual(new Set([undefined]));
});

test.each([
  ['nothing', undefined],
  ['what is no list', { mirrors: 'a', clusters: {}, target: [] }],
  ['mirrors that are none', { mirrors: [null, 'a', { sourceConnector: 'x' }] }],
  ['clusters without settings', { clusters: [{ alias: 'a' }], target: { config: 'x' } }],
])('holds no connector with %s', (_what, spec) => {
  expect(shown(mirrorMaker('v1', spec))).toEqual([]);
});

test.each([
  ['another group', { ...mirrorMaker('v1', { mirrors: [mirror] }), apiVersion: 'example.com/v1' }],
  ['another kind', { ...mirrorMaker('v1', { mirrors: [mirror] }), kind: 'KafkaMirrorMaker' }],
])('is not read of %s', (_what, value) => {
  expect(shown(value)).toEqual([]);
});
