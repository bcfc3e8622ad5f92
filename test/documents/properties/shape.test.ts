import { expect, test } from 'vitest';
import { readSource } from '../../../src/documents/read.ts';

const options = { holdsReference: (text: string) => text.includes('${secret:') };

test.each([
  ['a connector', 'name=orders\nconnector.class=X\np=${secret:orders:p}', ['orders']],
  ['a connector whose class is forgotten', 'name=orders\ntasks.max=1', ['orders']],
  ['a connector that is one by its reference', 'name=orders\np=${secret:orders:p}', ['orders']],
  ['a connector without a name', 'connector.class=X', [undefined]],
  [
    'a connector that names brokers of its own',
    'name=mirror\nconnector.class=X\nbootstrap.servers=a:9092',
    ['mirror'],
  ],
  [
    'a distributed worker',
    'bootstrap.servers=a:9092\ngroup.id=connect\nkey.converter=X\nname=w\np=${secret:worker:p}',
    [],
  ],
  ['a standalone worker', 'offset.storage.file.filename=/tmp/o\nvalue.converter=X', []],
  ['a connector that is one by its converter', 'name=a\nkey.converter=X', ['a']],
  ['settings of a reader that is no connector', 'key.converter=X\ncassandra.port=9042', []],
  ['MirrorMaker on its own', 'clusters = a, b\na->b.enabled = true\ntasks.max = 6', []],
  ['settings of Spring', 'app.token=${secret:none}\nserver.port=8080', []],
  ['settings of Gradle', 'org.gradle.jvmargs=-Xmx2g\nname=x', []],
])('%s', async (_what, text, names) => {
  const { documents, connectors } = await readSource(text, options);
  expect(documents.map(({ format }) => format)).toEqual(['properties']);
  expect(connectors.map(({ name }) => name)).toEqual(names);
});

test('a line that is probably one of the value before is looked at, and not named', async () => {
  const text =
    'name=a\nconnector.class=X\nurl=jdbc:x://a:can\nary@h/${secret:b:p}\nary=${secret:b:q}';
  const { connectors } = await readSource(text, options);
  expect(connectors[0]?.entries.slice(-2).map(({ key, value }) => [key, value])).toEqual([
    ['…', 'b:p}'],
    ['ary', '${secret:b:q}'],
  ]);
});
