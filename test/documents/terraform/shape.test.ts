import { describe, expect, test } from 'vitest';
import { readSource } from '../../../src/documents/read.ts';

const options = { holdsReference: (text: string) => text.includes('${secret:') };

/** Every connector as `name (unknown): settings`. */
async function connectorsOf(text: string): Promise<string[]> {
  const { connectors } = await readSource(text, options);
  return connectors.map(({ name, unknown, entries }) => {
    const what = Object.entries(unknown ?? {}).flatMap(([it, is]) => (is ? [it] : []));
    const settings = entries.map(({ key, value, pointer }) => `${key}=${value}@${pointer}`);
    return `${name} (${what.join(', ')}): ${settings.join(' ')}`;
  });
}

describe('the connectors of a Terraform file', () => {
  test.each([
    [
      'kafka-connect_connector',
      'resource "kafka-connect_connector" "a" {\n  name = "orders"\n  config = {\n    "connector.class" = "X"\n  }\n  config_sensitive = {\n    p = "$${secret:orders:p}"\n  }\n}\n',
      [
        'orders (): connector.class=X@/0/body/config/connector.class p=${secret:orders:p}@/0/body/config_sensitive/p',
      ],
    ],
    [
      'confluent_connector',
      'resource "confluent_connector" "a" {\n  environment {\n    id = "env"\n  }\n  config_sensitive = {}\n  config_nonsensitive = {\n    "name" : "orders", "connector.class" = "PostgresSink" }\n}\n',
      [
        'orders (): name=orders@/0/body/config_nonsensitive/name connector.class=PostgresSink@/0/body/config_nonsensitive/connector.class',
      ],
    ],
    [
      'aiven_kafka_connector',
      'resource "aiven_kafka_connector" "a" {\n  connector_name = "orders"\n  config = { "name" = "orders", "tasks.max" = 2 }\n}\n',
      ['orders (): name=orders@/0/body/config/name tasks.max=2@/0/body/config/tasks.max'],
    ],
    [
      'two of them, and others',
      'resource "aiven_kafka_connector" "a" {\n  connector_name = "a"\n}\nvariable "p" {}\nresource "aws_instance" "c" {\n  name = "c"\n}\nresource "kafka-connect_connector" "b" {\n  name = "b"\n}\n',
      ['a (): ', 'b (): '],
    ],
    [
      'expressions',
      'resource "kafka-connect_connector" "a" {\n  name = "${var.env}-orders"\n  config = {\n    "connector.class" = var.class\n    u = "x${var.u}"\n    (var.k) = "v"\n  }\n}\n',
      [
        'undefined (name, settings): connector.class=null@/0/body/config/connector.class u=x${expression}@/0/body/config/u',
      ],
    ],
    [
      'settings from elsewhere',
      'resource "kafka-connect_connector" "a" {\n  name = var.name\n  config = merge(local.base, {\n    p = sensitive("x")\n  })\n  config_sensitive = local.secrets\n}\n',
      ['undefined (name, settings): p=x@/0/body/config/p'],
    ],
    [
      'settings of a local, one for each member',
      'locals {\n  all = { a = {\n    "connector.class" = "X"\n    p = "$${secret:a:p}"\n  }, b = { name = "orders", "connector.class" : "Y" } }\n}\n',
      [
        'undefined (name): connector.class=X@/0/body/connector.class p=${secret:a:p}@/0/body/p',
        'orders (): name=orders@/1/body/name connector.class=Y@/1/body/connector.class',
      ],
    ],
    [
      'settings of a module and of a variable, behind a resource',
      'resource "aiven_kafka_connector" "a" {\n  connector_name = "a"\n  config = { "connector.class" = "X" }\n}\nmodule "b" {\n  config = { "connector.class" = "Y" }\n}\nvariable "c" {\n  default = { "connector.class" = "Z" }\n}\n',
      [
        'a (): connector.class=X@/0/body/config/connector.class',
        'undefined (name): connector.class=Y@/1/body/connector.class',
        'undefined (name): connector.class=Z@/2/body/connector.class',
      ],
    ],
    [
      'names in parentheses',
      'locals {\n  a = { ("connector.class") = "X", ("p") = "y", (var.k) = "z", ("a${var.k}") = "z" }\n  b = tomap("connector.class")\n}\n',
      ['undefined (name): connector.class=X@/0/body/connector.class p=y@/0/body/p'],
    ],
    [
      'a body in JSON',
      'resource "local_file" "a" {\n  content = jsonencode({ name = "orders", config = { "connector.class" = "X" } })\n}\n',
      ['orders (): connector.class=X@/0/body/config/connector.class'],
    ],
    [
      'a body whose name is an expression',
      'locals {\n  a = { name = "x-${var.n}", config = merge(local.b, { "connector.class" = "X" }, { p = "y" }) }\n}\n',
      ['undefined (name): connector.class=X@/0/body/config/connector.class p=y@/0/body/config/p'],
    ],
    [
      'only the outer ones of settings in settings, and of no function that makes others of them',
      'locals {\n  a = { "connector.class" = "X", p = { "connector.class" = "Y" } }\n  b = sensitive(1, { "connector.class" = "X" })\n  c = local.a["connector.class"]\n}\n',
      ['undefined (name): connector.class=X@/0/body/connector.class p=Y@/0/body/p/connector.class'],
    ],
  ])('%s', async (_what, text, connectors) => {
    expect(await connectorsOf(text)).toEqual(connectors);
  });
});
