// Connectors as resources, in YAML and in JSON, and in Ansible's variables.
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { SourceDocument } from '../../src/documents/document.ts';
import { parseJson } from '../../src/documents/json.ts';
import { connectorsIn } from '../../src/documents/shapes.ts';
import { parseYaml } from '../../src/documents/yaml/document.ts';

/** Each connector as its name, where it is named, and its settings with what stands at their pointers. */
function shown(document: SourceDocument) {
  const part = (pointer: string) => {
    const { start, end } = document.locate(pointer);
    return document.text.slice(start, end).replace(/^"(.*)"$/, '$1');
  };
  return connectorsIn(document, { holdsReference: () => false }).map((connector) => {
    part(connector.pointer);
    part(connector.configPointer);
    return {
      name: connector.name,
      isNamedLater: connector.unknown?.name === true,
      names: connector.names.map(({ place, pointer }) => `${place}=${part(pointer)}`),
      settings: connector.entries.map(({ key, value, pointer }) => {
        expect(part(pointer)).toBe(value);
        return `${key}=${value}`;
      }),
    };
  });
}

function resource(apiVersion: string, kind: string, name: string, spec: unknown) {
  return { apiVersion, kind, metadata: { name }, spec };
}

const CLASS = 'org.apache.kafka.connect.file.FileStreamSinkConnector';

const strimzi = resource('kafka.strimzi.io/v1beta2', 'KafkaConnector', 'orders', {
  class: CLASS,
  tasksMax: 2,
  config: { file: '/tmp/orders', name: 'other' },
});

const CASES = [
  [
    'Strimzi',
    strimzi,
    'orders',
    ['metadata.name=orders', 'spec.config.name=other'],
    ['connector.class', 'tasks.max', 'file', 'name'],
  ],
  [
    'Strimzi of the future',
    { ...strimzi, apiVersion: 'kafka.strimzi.io/v1' },
    'orders',
    ['metadata.name=orders', 'spec.config.name=other'],
    ['connector.class', 'tasks.max', 'file', 'name'],
  ],
  [
    'Event Streams',
    { ...strimzi, apiVersion: 'eventstreams.ibm.com/v1beta2' },
    'orders',
    ['metadata.name=orders', 'spec.config.name=other'],
    ['connector.class', 'tasks.max', 'file', 'name'],
  ],
  [
    'Strimzi without settings',
    resource('kafka.strimzi.io/v1', 'KafkaConnector', 'orders', { class: CLASS }),
    'orders',
    ['metadata.name=orders'],
    ['connector.class'],
  ],
  [
    'Strimzi with nothing',
    { apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaConnector' },
    undefined,
    [],
    [],
  ],
  [
    'Confluent',
    resource('platform.confluent.io/v1beta1', 'Connector', 'cr', {
      name: 'orders',
      class: CLASS,
      taskMax: 2,
      configs: { file: 'x' },
    }),
    'orders',
    ['spec.name=orders'],
    ['connector.class', 'tasks.max', 'file'],
  ],
  [
    'Confluent without spec.name',
    resource('platform.confluent.io/v1beta1', 'Connector', 'orders', { class: CLASS, configs: {} }),
    'orders',
    ['metadata.name=orders'],
    ['connector.class'],
  ],
  [
    "Confluent's blueprint",
    resource('apps.cpc.platform.confluent.io/v1beta1', 'Connector', 'cr', {
      name: 'orders',
      connectorConfigs: { class: CLASS, taskMax: 1, configs: { file: 'x' } },
    }),
    'orders',
    ['spec.name=orders'],
    ['connector.class', 'tasks.max', 'file'],
  ],
  [
    'Jikkou',
    resource('kafka.jikkou.io/v1beta1', 'KafkaConnector', 'orders', {
      connectorClass: CLASS,
      tasksMax: 1,
      config: { file: 'x' },
      state: 'paused',
    }),
    'orders',
    ['metadata.name=orders'],
    ['connector.class', 'tasks.max', 'file'],
  ],
  [
    'Aiven',
    resource('aiven.io/v1alpha1', 'KafkaConnector', 'orders', {
      project: 'p',
      serviceName: 's',
      connectorClass: CLASS,
      userConfig: { 'tasks.max': '1', name: 'other' },
    }),
    'orders',
    ['metadata.name=orders', 'spec.userConfig.name=other'],
    ['connector.class', 'tasks.max', 'name'],
  ],
] as const;

describe('a resource', () => {
  test.each(CASES)('of %s', (_what, value, name, names, keys) => {
    for (const document of [parseYaml(stringify(value)), parseJson(JSON.stringify(value))]) {
      const [connector, ...others] = shown(document);
      expect(others).toEqual([]);
      expect(connector?.name).toBe(name);
      expect(connector?.names).toEqual(names);
      expect(connector?.settings.map((it) => it.split('=')[0])).toEqual(keys);
      expect(connector?.isNamedLater).toBe(false);
    }
  });

  test('is named by Kubernetes where it says so', () => {
    const value = { ...strimzi, metadata: { generateName: 'orders-' }, spec: { class: CLASS } };
    expect(shown(parseYaml(stringify(value)))).toEqual([
      { name: undefined, isNamedLater: true, names: [], settings: [`connector.class=${CLASS}`] },
    ]);
  });

  test.each([
    [
      'of another kind',
      resource('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'orders', { config: { a: 1 } }),
    ],
    ['of another group', resource('example.com/v1', 'KafkaConnector', 'orders', { class: CLASS })],
    ['without a kind', { apiVersion: 'kafka.strimzi.io/v1beta2', spec: {} }],
    ['that is no list', { apiVersion: 'v1', kind: 'List', items: 'none' }],
  ])('%s is left alone', (_what, value) => {
    expect(shown(parseYaml(stringify(value)))).toEqual([]);
  });

  test.each([
    [
      'a template of OpenShift',
      { apiVersion: 'template.openshift.io/v1', kind: 'Template', objects: [strimzi, strimzi] },
      2,
    ],
    ['a list', { apiVersion: 'v1', kind: 'List', items: [strimzi, { kind: 'Pod' }, strimzi] }, 2],
    [
      'a list of a kind',
      { apiVersion: 'kafka.jikkou.io/v1beta1', kind: 'KafkaConnectorList', items: [strimzi] },
      1,
    ],
    [
      'lists of lists',
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'List', items: [strimzi] }],
      },
      1,
    ],
  ])('is found in %s', (_what, value, count) => {
    const document = parseYaml(`---\n${stringify(value)}---\n${stringify(value)}`);
    expect(shown(document)).toHaveLength(2 * count);
  });
});

describe('the connectors of Ansible', () => {
  const item = { name: 'orders', config: { topics: 'orders' } };
  test.each([
    [
      'variables of a group',
      { kafka_connect_connectors: [item, { ...item, name: 'other' }] },
      ['orders', 'other'],
    ],
    [
      'an inventory',
      { all: { children: { connect: { hosts: { one: { kafka_connect_connectors: [item] } } } } } },
      ['orders'],
    ],
    [
      'a list of plays',
      [{ hosts: 'connect', vars: { kafka_connect_connectors: [item] } }],
      ['orders'],
    ],
    ['another variable', { kafka_connectors: [item] }, []],
    ['a variable of a variable', { kafka_connect_connectors: '{{ all_of_them }}' }, []],
    [
      'settings without a config',
      { kafka_connect_connectors: [{ name: 'orders', topics: 'x' }] },
      ['orders'],
    ],
  ])('are found in %s', (_what, value, names) => {
    expect(shown(parseYaml(stringify(value))).map(({ name }) => name)).toEqual(names);
  });
});
