// What --fix does: each case is a value before and after, in the connector `orders`. What has no one right answer stays.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, FileReport } from '../../src/validator/diagnostic.ts';
import type { Existence, KeyFact } from '../../src/validator/existence.ts';
import { mend } from '../../src/validator/mend.ts';
import { type Input, type ValidateOptions, validator } from '../../src/validator/validate.ts';

const enabled: KeyFact = { state: 'enabled', version: 1 };

function tableOf(table: Record<string, readonly string[]>): Existence {
  const paths = new Map(
    Object.entries(table).map(([path, keys]) => [
      path,
      new Map(keys.map((key) => [key, key === 'gone' ? DELETED : enabled])),
    ]),
  );
  return { paths: () => paths.keys(), keys: (path) => paths.get(path) };
}

const DELETED: KeyFact = { state: 'deleted', version: 1 };

const existence = tableOf({
  orders: ['user', 'password', 'token1', 'token2', 'Api.Key', 'gone', 'payments', 'account7'],
  payments: ['password', 'key'],
});

const config = (value: string, name = '"name": "orders", ') =>
  `{${name}"connector.class": "X", "tasks.max": 1, "a" : ${JSON.stringify(value)}}`;

async function mended(text: string, options: ValidateOptions = {}) {
  const check = validator(options);
  return mend({ file: 'orders.json', text }, check);
}

describe('without a registry', () => {
  test.each([
    ['a path that is not the connector', '${secret:order:password}', '${secret:orders:password}'],
    ['the path of another one', '${secret:payments:key}', '${secret:orders:key}'],
    ['a sign in front', '$${secret:orders:p}', '${secret:orders:p}'],
    [
      'signs in front, in a string',
      'password="\\$\\${secret:orders:p}";',
      'password="${secret:orders:p}";',
    ],
    ['blanks beside a part', '${ secret : orders : p }', '${secret:orders:p}'],
    ['a second brace', '${{secret:orders:p}}', '${secret:orders:p}'],
    ['a version', '${secret:orders:p:3}', '${secret:orders:p}'],
    ['the latest version', '${secret:orders:p:latest}', '${secret:orders:p}'],
    ['a reference that is not closed', '${secret:orders:p', '${secret:orders:p}'],
    ['one in a string', 'password="${secret:orders:p";', 'password="${secret:orders:p}";'],
    [
      'one in front of another',
      '${secret:orders:p${secret:orders:q}',
      '${secret:orders:p}${secret:orders:q}',
    ],
    ['one that is not opened', '{secret:orders:p}', '${secret:orders:p}'],
    ['one of which only the end is there', 'secret:orders:p}', '${secret:orders:p}'],
    ['an ampersand for the sign', '&{secret:orders:p}', '${secret:orders:p}'],
    ['a fullwidth sign', '＄{secret:orders:p}', '${secret:orders:p}'],
    ['what nobody sees behind the sign', '$\u200B{secret:orders:p}', '${secret:orders:p}'],
    ['many blanks behind the sign', '$        {secret:orders:p}', '${secret:orders:p}'],
    ['one behind a colon', 'app:{secret:orders:p}', 'app:${secret:orders:p}'],
    ['another separator', '${secret.orders.p}', '${secret:orders:p}'],
    ['another separator in front of the path', '${secret/orders:p}', '${secret:orders:p}'],
    ['no path', '${secret::p}', '${secret:orders:p}'],
    ['a provider of other case', '${Secret:orders:p}', '${secret:orders:p}'],
    ['a provider with a letter more', '${secrets:orders:p}', '${secret:orders:p}'],
    ['a provider of Kafka', '${flie:/a:b}', '${file:/a:b}'],
    ['what was hidden by another fault', '$${secrets:payments:p:2}', '${secret:orders:p}'],
    ['quotation marks in the value', '„${secret:orders:p}“', '${secret:orders:p}'],
    ['typographic ones between blanks', ' “${secret:orders:p}” ', ' ${secret:orders:p} '],
    [
      'marks round two',
      '«${secret:a:p}:${secret:orders:q}»',
      '${secret:orders:p}:${secret:orders:q}',
    ],
    ['several at once', '${secret:a:p} ${secret:b:q}', '${secret:orders:p} ${secret:orders:q}'],
  ])('mended is %s', async (_what, before, after) => {
    const { text, report } = await mended(config(before));
    expect(text).toBe(config(after));
    expect(report.diagnostics).toEqual([]);
  });

  test.each([
    ['a key that is forgotten', '${secret:orders}'],
    ['a path or a key', '${secret:payments}'],
    ['a user of a domain', 'CORP\\${secret:orders:user}'],
    ['what may be a part of the value', 'pass$${secret:orders:p}'],
    ['a key with a colon', '${secret:orders:db:password}'],
    ['a default', '${secret:orders:p:-changeme}'],
    ['a default of the environment', '${env:X:-changeme}'],
    ['what is not closed and may go on', '${secret:orders:p)'],
    ['a dotted name of another connector', '${secret.payments.p}'],
    ['another separator in front of the path of another', '${secret=payments:p}'],
    ['a dot that may be of a name of Spring', '${secret.orders:p}'],
    ['braces around another connector', '{secret:payments:p}'],
    ['a brace in another bracket', '$({secret:orders:p})'],
    ['a brace behind a sign', '€{secret:orders:p}'],
    ['a brace behind what nobody sees', '\u200B{secret:orders:p}'],
    ['a brace behind a word', 'pass{secret:orders:p}'],
    ['a sign behind a word', 'app@{secret:orders:p}'],
    ['a provider of three letters', '${enc:a:b}'],
    ['a provider that is not known', '${vault:a:b}'],
    ['a reference inside of another one', '${secret:orders:${secret:orders:k}}'],
    ['a key that cannot be one', '${secret:payments:1p}'],
  ])('left alone is %s', async (_what, value) => {
    const { text, fixed, report } = await mended(config(value));
    expect(text).toBe(config(value));
    expect(fixed).toBe(0);
    expect(report.diagnostics.length).toBeGreaterThan(0);
  });

  test('the path is left alone where nothing, or two names, say what it should be', async () => {
    for (const text of [
      config('${secret:payments:p}', ''),
      `{"name":"orders","config":{"name":"order","connector.class":"X","a":"\${secret:payments:p}"}}`,
      config('${secret:payments:p}', '"name": "or:ders", '),
    ]) {
      expect((await mended(text)).text).toBe(text);
    }
  });

  test('the path of a provider that is not the registry is never written', async () => {
    const text = config('${file:/etc/x:p}');
    const { fixed, report } = await mended(text, { allProviders: true });
    expect(report.diagnostics.map(({ rule }) => rule)).toEqual(['path-is-not-connector']);
    expect(fixed).toBe(0);
  });
});

describe('with the names of a registry', () => {
  test.each([
    ['a key with a letter missing', '${secret:orders:pasword}', '${secret:orders:password}'],
    ['a key with two letters swapped', '${secret:orders:psasword}', '${secret:orders:password}'],
    ['a key of other case', '${secret:orders:api.key}', '${secret:orders:Api.Key}'],
    [
      'a path under which the key is there',
      '${secret:payments:password}',
      '${secret:orders:password}',
    ],
    ['a path that is missing', '${secret:user}', '${secret:orders:user}'],
    ['a default that is needless', '${secret:orders:password:-x}', '${secret:orders:password}'],
  ])('mended is %s', async (_what, before, after) => {
    const { text, report } = await mended(config(before), { existence });
    expect(text).toBe(config(after));
    expect(report.diagnostics).toEqual([]);
  });

  test.each([
    ['a path under which the key is not there', '${secret:payments:key}'],
    ['a path under which the key is deleted', '${secret:payments:gone}'],
    ['a key with another number', '${secret:orders:token3}'],
    ['a key with another number than the only one', '${secret:orders:account8}'],
    ['a key that lacks its number', '${secret:orders:token}'],
    ['a key that is two edits away', '${secret:orders:passwd}'],
    ['a default for a secret that is not there', '${secret:orders:nothing:-x}'],
    ['what is not closed and not there', '${secret:orders:pass'],
  ])('left alone is %s', async (_what, value) => {
    const { text, report } = await mended(config(value), { existence });
    expect(text).toBe(config(value));
    expect(report.diagnostics.length).toBeGreaterThan(0);
  });

  test('a path that does not exist becomes the one that was meant where the file names no connector', async () => {
    const after = config('${secret:orders:user}', '');
    expect((await mended(config('${secret:order:user}', ''), { existence })).text).toBe(after);
    const other = config('${secret:order:nothing}', '');
    expect((await mended(other, { existence })).text).toBe(other);
  });
});

describe('what YAML aliases share', () => {
  const shared = (path: string, other = 'b') =>
    `- name: a\n  config: {connector.class: X, p: &p "\${${path}:k}"}\n- name: ${other}\n  config: {connector.class: X, p: *p}\n`;

  test('is left alone where the connectors have other names', async () => {
    for (const text of [
      shared('secret:x'),
      shared('secret:a'),
      `- config: &c {name: a, connector.class: X, p: "\${secret:x:k}"}\n- config: {<<: *c, name: b}\n`,
    ]) {
      const { fixed, report } = await mended(text);
      expect(report.connectors).toBe(2);
      expect([fixed, report.diagnostics.length > 0]).toEqual([0, true]);
    }
  });

  test('is mended where the slip is one for all of them', async () => {
    const { text, fixed } = await mended(shared('secrets:a', 'a'));
    expect([text, fixed]).toEqual([shared('secret:a', 'a'), 1]);
  });
});

test('in a resource of Strimzi `secrets` is a slip only in front of the name of the connector', async () => {
  const resource = (value: string) =>
    `apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata: {name: orders}\nspec: {class: X, config: {p: "${value}"}}\n`;
  const secretOfKubernetes = await mended(resource('${secrets:db-creds:password}'));
  expect([secretOfKubernetes.fixed, secretOfKubernetes.report.diagnostics]).toEqual([0, []]);
  const slip = await mended(resource('${secrets:orders:password}'));
  expect(slip.text).toBe(resource('${secret:orders:password}'));
});

test('nothing of the file changes but what is mended, its layout and escapes included', async () => {
  const before =
    '\uFEFF{ "name":"orders",\r\n\t"config" : {"connector.class":"\\u0058","b":"caf\\u00e9 $${secret:orders:p}\\/x", "c":1.50}}\r\n';
  const { text, fixed } = await mended(before);
  expect(text).toBe(before.replace('$${', '${'));
  expect(fixed).toBe(1);
});

test('a rule that is off mends nothing', async () => {
  const text = config('${secret:payments:p}');
  const severities = { 'path-is-not-connector': 'off' } as const;
  expect((await mended(text, { severities })).text).toBe(text);
});

describe('mending', () => {
  const input = { file: 'orders.json', text: 'a' };
  const report = (text: string, connectors = 1) =>
    ({
      file: 'orders.json',
      connectors,
      references: 0,
      diagnostics: [{ fix: { what: '', edits: [{ offset: 0, length: 1, text }] } }],
    }) as unknown as FileReport;

  test('ends where two fixes take each other back', async () => {
    const check = ({ text }: Input) => Promise.resolve(report(text === 'a' ? 'b' : 'a'));
    expect((await mend(input, check)).fixed).toBeLessThanOrEqual(100);
  });

  test('fails where an edit breaks the file, so that nothing is written', async () => {
    const check = ({ text }: Input) => Promise.resolve(report('b', text === 'a' ? 1 : 0));
    await expect(mend(input, check)).rejects.toThrow('1 connectors became 0');
  });

  test('takes the first of two fixes that overlap, and the other one in the next round', async () => {
    const texts: string[] = [];
    const check = ({ text }: Input) => {
      texts.push(text);
      const edits = [{ offset: 0, length: 2, text: 'x' }];
      const other = [{ offset: 1, length: 1, text: 'y' }];
      const fixes = text === 'abc' ? [other, edits] : text === 'xc' ? [other] : [];
      const diagnostics = fixes.map((of) => ({ fix: { what: '', edits: of } }));
      return Promise.resolve({ ...report(''), diagnostics } as unknown as FileReport);
    };
    const { text, fixed } = await mend({ ...input, text: 'abc' }, check);
    expect([text, fixed, texts]).toEqual(['xy', 2, ['abc', 'xc', 'xy']]);
  });
});

const part = fc.constantFrom(
  'orders',
  'order',
  ' orders',
  'payments',
  'p',
  'password',
  'pasword',
  'a:b',
  '',
);
const piece = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('${', '$${', '\\${', '{', '${{', '$ {', 'x', ' '),
      fc.constantFrom('secret', 'secrets', 'Secret', ' secret', 'file', 'vault', 'flie'),
      fc.constantFrom(':', '.', ' : '),
      part,
      fc.constantFrom(':', ' :', '.'),
      part,
      fc.constantFrom('}', '', '}}', ' }', ':3}', ':-x}'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('"', ';', ' ', 'user=x', '\\', '$', '\n', 'é', '😀', '}'),
);

/** How a connector with these settings is written; every setting begins a line of its own. */
const formats: Record<string, (settings: readonly string[]) => string> = {
  json: (settings) =>
    `{"name":"orders","config":{"connector.class":"X",\n${settings.map((value, at) => `"s${at}" :\t${JSON.stringify(value)}`).join(',\n')}}}`,
  properties: (settings) =>
    ['# a comment', 'name=orders', 'connector.class = X']
      .concat(settings.map((value, at) => `s${at} = ${value.replace(/[\\\n]/g, escapeOf)}`))
      .join('\n'),
  yaml: (settings) =>
    ['apiVersion: kafka.strimzi.io/v1beta2', 'kind: KafkaConnector', 'metadata: {name: orders}']
      .concat('spec:', '  class: X', '  config: # the settings')
      .concat(settings.map((value, at) => `    s${at}: ${yamlOf(value, at)}`))
      .join('\n'),
};

function escapeOf(character: string): string {
  return character === '\n' ? '\\n' : '\\\\';
}

function yamlOf(value: string, at: number): string {
  if (at % 3 === 0 && !value.includes('\n')) return `'${value.replaceAll("'", "''")}' # quoted`;
  if (at % 3 === 1 && value.trim() !== '')
    return `|2-\n${value.replaceAll(/^/gm, '      ')}`.replaceAll(/^ +$/gm, '');
  return `${JSON.stringify(value)}   # in double quotes`;
}

/** Settings whose findings have no fix are the same to the letter. */
function untouched(before: string, diagnostics: readonly Diagnostic[]): string[] {
  const touched = new Set(
    diagnostics.flatMap(({ fix, setting }) => (fix === undefined ? [] : [setting])),
  );
  return before
    .split(/\n(?= *"?s\d)/)
    .filter((part) => !touched.has(/^ *"?(s\d)/.exec(part)?.[1] ?? ''));
}

test.each(Object.keys(formats))(
  'after mending %s nothing can be mended, and nothing but that was changed',
  async (format) => {
    let fixes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(piece, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (values, withRegistry) => {
          const before = formats[format]!(values.map((value) => value.join('')));
          const options = withRegistry ? { existence } : {};
          const first = await validator(options)({ file: 'orders', text: before });
          expect(first.connectors).toBe(1);
          const { text, report, fixed } = await mended(before, options);
          expect(report.diagnostics.filter(({ fix }) => fix !== undefined)).toEqual([]);
          const again = await mended(text, options);
          expect(again).toEqual({ text, before: report, report, fixed: 0 });
          expect(text === before).toBe(fixed === 0);
          for (const part of untouched(before, first.diagnostics)) expect(text).toContain(part);
          expect(report.references).toBeGreaterThanOrEqual(first.references);
          fixes += fixed;
        },
      ),
      { numRuns: 1000 },
    );
    expect(fixes).toBeGreaterThan(250);
  },
);
