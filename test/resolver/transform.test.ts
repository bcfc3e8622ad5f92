import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { type ConfigProvider, type Configs, transform } from '../../src/resolver/transform.ts';

interface Case {
  id: number;
  name: string;
  input?: Record<string, string | null>;
  output?: Record<string, string | null>;
  inputSha256?: string;
  outputSha256?: string;
  requestedKeysByPath?: Record<string, Record<string, string[]>>;
  ttl?: Record<string, Record<string, number>>;
  ttls?: Record<string, number>;
  throws?: string[];
  error?: string;
}

const answers = JSON.parse(
  readFileSync(
    new URL('../../fixtures/grammar/config-transformer-cases.json', import.meta.url),
    'utf8',
  ),
) as { providers: Record<string, Record<string, Record<string, string>>>; cases: Case[] };

describe("Kafka's ConfigTransformer, as 88 recorded answers have it", () => {
  test('88 cases are there', () => expect(answers.cases).toHaveLength(88));

  test.each(answers.cases)('$id $name', async (it) => {
    const input = inputOf(it);
    const requested = new Map<string, Map<string, string[]>>();
    const result = transform(input, providersOf(it, requested));
    if (it.error !== undefined) {
      await expect(result).rejects.toThrow(it.error.replace(/^.*ConfigException: /, ''));
    } else {
      const { configs, ttls } = await result;
      if (it.output) expect(configs).toEqual(new Map(Object.entries(it.output)));
      if (it.outputSha256) expect(sha256(configs.get('v'))).toBe(it.outputSha256);
      expect(ttls).toEqual(new Map(Object.entries(it.ttls ?? {})));
    }
    if (it.requestedKeysByPath) expect(requested).toEqual(asMaps(it.requestedKeysByPath));
    if (it.name === 'long run of colons') {
      expect(requested).toEqual(new Map([['secret', new Map([['', [':'.repeat(1998)]]])]]));
    }
  });
});

test('a path is asked for once, with all keys of all settings', async () => {
  const calls: [string, string[]][] = [];
  const provider: ConfigProvider = {
    get(path, keys) {
      calls.push([path, [...keys]]);
      return Promise.resolve({ values: new Map() });
    },
  };
  const configs = new Map([
    ['a', '${s:p:1}${s:p:2}'],
    ['b', '${s:q:1}'],
    ['c', '${s:p:3}${s:p:1}'],
  ]);
  await transform(configs, new Map([['s', provider]]));
  expect(calls).toEqual([
    ['p', ['1', '2', '3']],
    ['q', ['1']],
  ]);
});

function inputOf(it: Case): Configs {
  if (it.input) return new Map(Object.entries(it.input));
  const text = longInput(it.name);
  expect(sha256(text)).toBe(it.inputSha256);
  return new Map([['v', text]]);
}

/** The `inputRule` of the three cases that are too long to stand in the file. */
function longInput(name: string): string {
  if (name === 'long run of open marks') return `${'${'.repeat(2000)}secret:p:k}`;
  if (name === 'long run of colons') return `\${secret${':'.repeat(2000)}}`;
  return Array.from({ length: 10_000 }, (_, i) =>
    i % 3 ? '${secret:p:k}' : `\${secret:p:none${i % 7}}`,
  ).join(',');
}

function providersOf(
  it: Case,
  requested: Map<string, Map<string, string[]>>,
): Map<string, ConfigProvider> {
  const provider = (
    name: string,
    paths: Record<string, Record<string, string>>,
  ): ConfigProvider => {
    const data = asMaps(paths);
    return {
      get(path, keys) {
        const own = requested.get(name) ?? new Map<string, string[]>();
        requested.set(name, own.set(path, [...keys].sort()));
        if (it.throws?.includes(name)) return Promise.reject(new Error(`boom ${path}`));
        const known = new Map(Object.entries(data.get(path) ?? {}));
        const values = new Map(
          [...known]
            .filter(([key]) => keys.has(key))
            .map(([key, text]) => [key, SecretValue.of(text)]),
        );
        const ttl = it.ttl?.[name]?.[path];
        return Promise.resolve({ values, ...(ttl !== undefined && { ttl }) });
      },
    };
  };
  return new Map(
    Object.entries(answers.providers).map(([name, paths]) => [name, provider(name, paths)]),
  );
}

function asMaps<T>(
  table: Record<string, T>,
): Map<string, T extends Record<string, string[]> ? Map<string, string[]> : T> {
  const inner = (value: T) => (isRecordOfLists(value) ? new Map(Object.entries(value)) : value);
  return new Map(Object.entries(table).map(([name, value]) => [name, inner(value)])) as ReturnType<
    typeof asMaps<T>
  >;
}

function isRecordOfLists(value: unknown): value is Record<string, string[]> {
  return typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray);
}

function sha256(text: string | null | undefined): string {
  return createHash('sha256')
    .update(text ?? '', 'utf8')
    .digest('hex');
}
