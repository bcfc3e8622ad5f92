import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/documents/json.ts';
import { readSource } from '../../src/documents/read.ts';
import { connectorsIn } from '../../src/documents/shapes.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { type ResolveOptions, resolveDocument } from '../../src/resolver/resolve.ts';
import type { ConfigProvider } from '../../src/resolver/transform.ts';

const stored: Record<string, Record<string, string>> = {
  orders: {
    password: 'p"w\\d\n€😀',
    user: 'bob',
    reference: '${secret:orders:user}',
    half: '\ud83d',
  },
  'orders/eu': { password: 'eu' },
};

function provider(asked: string[]): ConfigProvider {
  return {
    get(path, keys) {
      asked.push(`${path}: ${[...keys].join(' ')}`);
      const found = Object.entries(stored[path] ?? {}).filter(([key]) => keys.has(key));
      return Promise.resolve({
        values: new Map(found.map(([key, text]) => [key, SecretValue.of(text)])),
      });
    },
  };
}

async function resolve(text: string, options: ResolveOptions = {}) {
  const asked: string[] = [];
  const document = parseJson(text);
  const connectors = connectorsIn(document, {
    holdsReference: (it) => it.includes('${secret:'),
  });
  const providers = new Map([['secret', provider(asked)]]);
  const {
    text: output,
    literals,
    replaced,
  } = await resolveDocument(text, connectors, providers, options);
  const stayed = literals.map(
    ({ reason, setting, start, end }) => `${setting}: ${text.slice(start, end)} ${reason}`,
  );
  return { output: output?.reveal(), stayed, replaced, asked };
}

const config = (value: string) =>
  `{ "name":"orders",\r\n\t"config": {"tasks.max": 1, "v" : ${JSON.stringify(value)}  } }\n`;

describe('a resolved document', () => {
  test('has the values in place of the references and keeps its layout', async () => {
    const { output, stayed, replaced } = await resolve(
      config('a ${secret:orders:user}:${secret:orders:password} z'),
    );
    expect(output).toBe(config(`a bob:${stored['orders']?.['password']} z`));
    expect([stayed, replaced]).toEqual([[], 2]);
  });

  test('keeps escapes round the references, and takes escaped references', async () => {
    const text = String.raw`{"name":"orders","config":{"v":"\u00e9\/\u0024{secret:orders:us\u0065r}\ud83d\ude00"}}`;
    expect((await resolve(text)).output).toBe(
      String.raw`{"name":"orders","config":{"v":"\u00e9\/bob\ud83d\ude00"}}`,
    );
  });

  test('holds half a surrogate pair as an escape', async () => {
    const { output } = await resolve(config('${secret:orders:half}'));
    expect(output).toContain('"\\ud83d"');
  });

  test('is not resolved again where a value holds a reference', async () => {
    const { output } = await resolve(config('${secret:orders:reference}'));
    expect(output).toBe(config('${secret:orders:user}'));
  });

  test('asks once for each path, and leaves templates of others alone', async () => {
    const text = config(
      '${secret:orders:user}${secret:orders:password}${topic} ${VAR:-x} ${date:now}',
    );
    const { output, asked } = await resolve(text);
    expect(output).toContain('${topic} ${VAR:-x} ${date:now}');
    expect(asked).toEqual(['orders: user password']);
  });

  test('shows no value where it is masked', async () => {
    const { output } = await resolve(config('u=${secret:orders:user}'), { mask: true });
    expect(output).toBe(config('u=[secret]'));
  });

  test('cannot be printed by accident', async () => {
    const document = parseJson(config('${secret:orders:user}'));
    const connectors = connectorsIn(document, { holdsReference: () => true });
    const resolved = await resolveDocument(
      document.text,
      connectors,
      new Map([['secret', provider([])]]),
    );
    expect(JSON.stringify(resolved)).not.toContain('bob');
  });

  test('may be given the name of its connector', async () => {
    const text = '{"v":"${secret:orders:user}"}';
    expect((await resolve(text, { connectorName: 'orders' })).output).toBe('{"v":"bob"}');
    expect((await resolve(text)).stayed).toEqual([
      'v: ${secret:orders:user} connector-without-name',
    ]);
  });
});

describe('strictly, nothing is resolved', () => {
  test.each([
    ['${secret:orders:none}', 'missing'],
    ['${secret:orders/eu:password}', 'path-is-not-connector'],
    ['${vault:a:b}', 'unknown-provider'],
    ['${secret:user}', 'no-path'],
    ['${secret:orders:user', 'unclosed'],
    ['$${secret:orders:user}', 'sign-in-front'],
    ['${secret:orders:user:-x}', 'default-value'],
  ])('where %s would stay literal or wrong: %s', async (value, reason) => {
    const { output, stayed } = await resolve(config(`\${secret:orders:password} ${value}`));
    expect(output).toBeUndefined();
    expect(stayed).toEqual([`v: ${value.replace('$$', '$')} ${reason}`]);
  });

  test('and all reasons are told at once, in order, without asking a provider for any', async () => {
    const { stayed, asked } = await resolve(
      config('${secret:a:b} ${secret:orders:user} ${secret:k} ${vault:x:y}'),
    );
    expect(stayed).toEqual([
      'v: ${secret:a:b} path-is-not-connector',
      'v: ${secret:k} no-path',
      'v: ${vault:x:y} unknown-provider',
    ]);
    expect(asked).toEqual([]);
  });
});

test("with Kafka's own behaviour what cannot be resolved stays, and a path may be any", async () => {
  const { output, stayed, replaced } = await resolve(
    config(
      '$${secret:orders/eu:password} ${secret:orders:none} ${vault:x:y} ${secret:orders:user} ${secret:orders:user',
    ),
    { kafka: true },
  );
  expect(output).toBe(config('$eu ${secret:orders:none} ${vault:x:y} bob ${secret:orders:user'));
  expect(stayed).toEqual([
    'v: ${secret:orders:none} missing',
    'v: ${vault:x:y} unknown-provider',
    'v: ${secret:orders:user unclosed',
  ]);
  expect(replaced).toBe(2);
});

async function resolvedFile(text: string): Promise<string | undefined> {
  const holdsReference = (it: string) => it.includes('${secret:');
  const { connectors } = await readSource(text, { holdsReference });
  const resolved = await resolveDocument(text, connectors, new Map([['secret', provider([])]]));
  return resolved.text?.reveal();
}

describe('several references in one text', () => {
  const settings = (user: string, region: string) =>
    `{"name": "orders", "config": {"connector.class": "x", "user": "${user}", "region": "${region}"}}`;
  const before = settings(
    '${secret:orders:user}',
    '${secret:orders:user} of ${secret:orders:user}',
  );
  const after = settings('bob', 'bob of bob');
  const resource = (kind: string, member: string) =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n${member}:\n  orders.json: `;

  test('a Secret in base64 is encoded once, with all values in it', async () => {
    const secret = (text: string) =>
      `${resource('Secret', 'data')}${Buffer.from(text).toString('base64')}\n`;
    expect(await resolvedFile(secret(before))).toBe(secret(after));
  });

  test('a text of a ConfigMap is written once, though its quotes cannot hold a value', async () => {
    const password = before.replaceAll(':user}', ':password}');
    const map = `${resource('ConfigMap', 'data')}'${password}'\n`;
    const [resolved] = (
      await readSource((await resolvedFile(map)) ?? '', { holdsReference: () => false })
    ).connectors;
    expect(resolved?.entries.map(({ value }) => value)).toEqual([
      'x',
      stored['orders']?.['password'],
      `${stored['orders']?.['password']} of ${stored['orders']?.['password']}`,
    ]);
  });

  test('an alias in YAML is written where its anchor stands, once', async () => {
    const yaml = (user: string) =>
      `name: orders\nconfig:\n  connector.class: x\n  user: &user ${user}\n  other: *user\n`;
    expect(await resolvedFile(yaml('${secret:orders:user}'))).toBe(yaml('bob'));
  });
});
