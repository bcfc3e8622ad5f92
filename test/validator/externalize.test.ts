import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSource } from '../../src/documents/read.ts';
import { externalize, internalize } from '../../src/validator/externalize.ts';
import { providersOf, shapeOptions } from '../../src/validator/validate.ts';
import { codeOf, name } from '../registry/fixture.ts';

const OPTIONS = { provider: 'secret', keys: new Map<string, ReturnType<typeof name>>() };

const done = (text: string, options: Partial<Parameters<typeof externalize>[1]> = {}) =>
  externalize({ file: 'orders.json', text }, { ...OPTIONS, ...options });

const shown = async (text: string, options: Partial<Parameters<typeof externalize>[1]> = {}) => {
  const { text: after, secrets } = await done(text, options);
  return [after, ...secrets.map(({ path, key, value }) => `${path}:${key}=${value.reveal()}`)];
};

const json = (settings: object, more = {}) =>
  JSON.stringify({ name: 'orders', config: { 'connector.class': 'X', ...settings }, ...more });

test('whole settings and parts of them become references, and all else stays as it stands', async () => {
  const text = `{ "name" : "orders",
  "config": {
    "connector.class":"X",\t"tasks.max": 1,
    "connection.url": "jdbc:postgresql://app:Kessel%4077@db.example.com/orders",
    "connection.password" : "Pumpe\\u00e9-12"
  } }
`;
  expect(await shown(text)).toEqual([
    text
      .replace('Kessel%4077', '${secret:orders:connection.url.password}')
      .replace('Pumpe\\u00e9-12', '${secret:orders:password}'),
    'orders:connection.url.password=Kessel%4077',
    'orders:password=Pumpeé-12',
  ]);
});

test('a text of Sub gets the escape of CloudFormation, and stays one', async () => {
  const stack = (whole: string, part: string) =>
    `a:\n  name: orders\n  config:\n    connector.class: X\n    connection.password: !Sub ${whole}\n    connection.url: !Sub 'jdbc:postgresql://app:${part}@\${Host}/orders'\n`;
  const before = stack('Kessel77', 'Pumpe12');
  const after = stack('${!secret:orders:password}', '${!secret:orders:connection.url.password}');
  const { text, secrets } = await done(before);
  expect(text).toBe(after);
  expect(await internalize({ file: 'a', text }, secrets, 'secret')).toBe(before);
});

test('a text of Pulumi gets its escape', async () => {
  const program = (text: string) =>
    `runtime: yaml\nresources:\n  a: {name: orders, config: {connector.class: X, connection.password: "${text}"}}\n`;
  const { text, secrets } = await done(program('Kessel$$77'));
  expect(text).toBe(program('$${secret:orders:password}'));
  expect(secrets.map(({ value }) => value.reveal())).toEqual(['Kessel$77']);
  expect(await internalize({ file: 'a', text }, secrets, 'secret')).toBe(program('Kessel$$77'));
});

test('a file without plaintext, and one of no connector, stay as they are', async () => {
  for (const text of [json({ 'connection.password': '${secret:orders:p}' }), '{"scripts":{}}'])
    expect((await done(text)).text).toBe(text);
});

test('what a comment says to ignore stays, and is counted', async () => {
  const text = [
    'name=orders',
    'connector.class=X',
    '# secretreg-ignore literal-secret everybody knows it',
    'connection.password=Kessel77',
    '# secretreg-ignore masked-value another rule',
    'ssl.key.password=Pumpe12',
    '# secretreg-ignore literal-secret',
    'ssl.keystore.password=Ventil9',
  ].join('\n');
  const { text: after, secrets, ignored } = await done(text);
  expect(secrets.map(({ setting }) => setting)).toEqual([
    'ssl.key.password',
    'ssl.keystore.password',
  ]);
  expect(after.split('\n')[3]).toBe('connection.password=Kessel77');
  expect(ignored).toBe(1);
});

test('a password that is a number is one', async () => {
  const [after, ...secrets] = await shown(
    '{"name":"orders","config":{"connector.class":"X","connection.password":73912846}}',
  );
  expect(after).toContain('"connection.password":"${secret:orders:password}"');
  expect(secrets).toEqual(['orders:password=73912846']);
});

test('one text is one secret, and a key that is referred to already is not taken', async () => {
  const text = json({
    'connection.password': 'Kessel-Pumpe-77',
    'database.password': 'Kessel-Pumpe-77',
    'other.user': '${secret:orders:password}',
  });
  expect((await shown(text)).slice(1)).toEqual([
    'orders:connection.password=Kessel-Pumpe-77',
    'orders:connection.password=Kessel-Pumpe-77',
  ]);
});

test('a key that is given is taken, and two texts are never stored under one', async () => {
  const text = json({
    'connection.password': 'Kessel-Pumpe-77',
    'ssl.key.password': 'Ventil-99-x',
  });
  const keys = new Map([['connection.password', name('db')]]);
  expect((await shown(text, { keys })).slice(1)).toEqual([
    'orders:db=Kessel-Pumpe-77',
    'orders:ssl.key.password=Ventil-99-x',
  ]);
  const same = new Map([...keys, ['ssl.key.password', name('db')] as const]);
  await expect(done(text, { keys: same })).rejects.toThrow(
    "what stands in 'connection.password' and 'ssl.key.password' differs, and both would be orders:db",
  );
  const twice = `[${text},${text.replace('Kessel', 'Kolben')}]`;
  await expect(done(twice)).rejects.toThrow('what stands in two places differs');
});

test('the worker may call the registry otherwise', async () => {
  const [after] = await shown(json({ 'connection.password': 'Kessel-77' }), { provider: 'vault' });
  expect(after).toContain('"${vault:orders:password}"');
});

test('comments and layout of YAML stay, and what an alias stands for is one secret', async () => {
  const text = `# the orders
name: orders
config:   # settings
    connector.class: X
    connection.password:  &p  'Kessel-Pumpe-77'   # of the database
    database.password: *p
    ssl.keystore.key: |
      -----BEGIN PRIVATE KEY-----
      MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8
      -----END PRIVATE KEY-----
    tasks.max: 1
`;
  const { text: after, secrets } = await done(text);
  expect(secrets.map(({ setting, key }) => `${setting} ${key}`)).toEqual([
    'connection.password password',
    'database.password password',
    'ssl.keystore.key ssl.keystore.key',
  ]);
  expect(after).toBe(`# the orders
name: orders
config:   # settings
    connector.class: X
    connection.password:  &p  '\${secret:orders:password}'   # of the database
    database.password: *p
    ssl.keystore.key: \${secret:orders:ssl.keystore.key}
    tasks.max: 1
`);
  const restored = await internalize({ file: 'o.yaml', text: after }, secrets, 'secret');
  expect(restored.split('ssl.keystore.key')[0]).toBe(text.split('ssl.keystore.key')[0]);
  expect((await shown(restored)).slice(1)).toEqual((await shown(text)).slice(1));
});

test('a connector without a name needs one, and one that can be a path', async () => {
  const text = '{"connector.class":"X","connection.password":"Kessel-Pumpe-77"}';
  expect(await codeOf(done(text))).toBe('wrong-use');
  expect((await shown(text, { connectorName: 'orders' })).slice(1)).toEqual([
    'orders:password=Kessel-Pumpe-77',
  ]);
  expect(await codeOf(done(text, { connectorName: 'a:b' }))).toBe('bad-path');
});

test('a file in which a setting stands twice is left alone: one of the two would stay', async () => {
  const text =
    '{"name":"orders","config":{"connector.class":"X","connection.password":"Kessel-77","connection.password":"Ventil-99"}}';
  expect(await codeOf(done(text))).toBe('file-unreadable');
});

test('where a reference would not be one, the file is left alone', async () => {
  const url = 'jdbc:postgresql://h/db?x=${unclosed&password=Kessel-Pumpe-77';
  expect(await codeOf(done(json({ 'connection.url': url })))).toBe('file-unreadable');
});

test('what went into the registry comes back to where its reference stands, wherever that has moved', async () => {
  const before = json({
    'connection.url': 'https://app:Kessel-77@h/',
    'connection.password': 'P\n"1\\x',
  });
  const { text, secrets } = await done(before);
  const moved = text.replace('"connector.class":"X",', '\n"tasks.max":3, "connector.class":"X",');
  const restored = await internalize({ file: 'orders.json', text: moved }, secrets, 'secret');
  expect(JSON.parse(restored)).toEqual({
    ...(JSON.parse(before) as object),
    config: { ...(JSON.parse(before) as { config: object }).config, 'tasks.max': 3 },
  });
});

test('a reference that is not there any more is named, and nothing is put back', async () => {
  const { text, secrets } = await done(json({ 'connection.password': 'Kessel-Pumpe-77', b: 'x' }));
  const changed = text.replace('orders:password', 'orders:other');
  await expect(internalize({ file: 'o.json', text: changed }, secrets, 'secret')).rejects.toThrow(
    "'o.json' cannot be put back: setting 'connection.password' of connector 'orders' does not hold ${secret:orders:password} any more",
  );
});

const value = fc.string({ unit: 'binary', minLength: 8, maxLength: 20 });
const settings = fc.dictionary(
  fc.constantFrom('connection.password', 'ssl.key.password', 'api.token', 'note', 'connection.url'),
  fc.oneof(
    value,
    value.map((text) => `https://app:${encodeURIComponent(text)}@db.example.com/x`),
    value.map((text) => `a.PlainLoginModule required password=${JSON.stringify(text)};`),
  ),
);
const formats: Record<string, (config: object) => string> = {
  json: (config) => json(config),
  yaml: (config) =>
    [
      'name: orders',
      'connector.class: X',
      ...Object.entries(config).map(([key, text]) => `${key}: "${escaped(String(text))}"  # kept`),
    ].join('\n'),
  properties: (config) =>
    [
      'name=orders',
      'connector.class=X',
      ...Object.entries(config).map(([key, text]) => `${key} = ${escaped(String(text))}`),
    ].join('\n'),
};

function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, at) =>
    /[\w/:@%.;= ()-]/.test(text[at] ?? '') && !(at === 0 && text[at] === ' ')
      ? (text[at] ?? '')
      : `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

test.each(Object.entries(formats))(
  '500 configurations as %s come back as they were',
  async (_, write) => {
    const shape = shapeOptions(providersOf({}));
    const settingsIn = async (text: string) =>
      (await readSource(text, shape)).connectors.map(({ entries }) =>
        entries.map(({ key, value: it }) => [key, it]),
      );
    let count = 0;
    await fc.assert(
      fc.asyncProperty(settings, async (config) => {
        const text = write(config);
        const { text: after, secrets } = await done(text);
        count += secrets.length;
        for (const secret of secrets) expect(after).not.toContain(secret.value.reveal());
        const restored = await internalize({ file: 'orders', text: after }, secrets, 'secret');
        expect(await settingsIn(restored)).toEqual(await settingsIn(text));
      }),
      { numRuns: 500, seed: 20261127 },
    );
    expect(count).toBeGreaterThan(300);
  },
);
