import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForeignTemplate } from '../../src/domain/foreign-template.ts';
import {
  brokenReferences,
  type FaultReason,
  mayHoldReference,
  type ProviderNames,
  referenceFault,
} from '../../src/domain/reference-fault.ts';
import { type Find, partSpan, type Reference, scanReferences } from '../../src/domain/reference.ts';
import { checkProperty } from '../crypto/property.ts';
import { REFERENCE_TOKENS } from './reference-tokens.ts';

/** ConfigTransformer.DEFAULT_PATTERN. */
const KAFKA = /\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}/g;

function byRegex(text: string): Reference[] {
  return Array.from(text.matchAll(KAFKA), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    provider: match[1] ?? '',
    path: match[3] ?? '',
    hasPath: match[2] !== undefined,
    key: match[4] ?? '',
  }));
}

const token = fc.constantFrom(...REFERENCE_TOKENS);
const text = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''));

describe('the scanner', () => {
  test('finds what Kafka finds in 100,000 random texts', () => {
    checkProperty('the scanner', 100_000, text, (it) => {
      expect(scanReferences(it)).toEqual(byRegex(it));
    });
  });

  test('says where each part stands', () => {
    fc.assert(
      fc.property(text, (it) => {
        for (const reference of scanReferences(it)) {
          for (const part of ['provider', 'path', 'key'] as const) {
            const { start, end } = partSpan(reference, part);
            expect(it.slice(start, end)).toBe(reference[part]);
          }
        }
      }),
    );
  });

  test.each([
    ['100,000 open marks', '${'.repeat(100_000)],
    ['100,000 open marks and one end', `${'${'.repeat(100_000)}}`],
    ['100,000 open marks with a colon each', '${a:'.repeat(100_000)],
    ['100,000 colons', ':'.repeat(100_000)],
    ['100,000 colons in one reference', `\${secret${':'.repeat(100_000)}}`],
    ['100,000 ends', '}'.repeat(100_000)],
    ['100,000 ends behind open marks', '${}'.repeat(100_000)],
    ['100,000 references without a second colon', '${a:b}'.repeat(100_000)],
    ['100,000 unclosed references in front of one end', `${'${a:b:c'.repeat(100_000)}}`],
    [
      'colons in front and ends behind',
      `${':'.repeat(50_000)}${'${'.repeat(50_000)}${'}'.repeat(50_000)}`,
    ],
  ])('compares each character at most three times: %s', (_name, hostile) => {
    let compared = 0;
    const counting: Find = (it, what, from) => {
      const index = it.indexOf(what, from);
      compared += (index === -1 ? it.length : index) - from + 1;
      return index === -1 ? Infinity : index;
    };
    scanReferences(hostile, counting);
    expect(compared).toBeLessThanOrEqual(3 * hostile.length + 3);
  });
});

const names: ProviderNames = {
  isOurs: (name) => name === 'secret',
  isKnown: (name) => ['secret', 'file', 'env'].includes(name),
  resemblesKnown: (name) => ['secret', 'secrets', 'Secret', 'file', 'env'].includes(name),
};

/** Every fault of a text: its reason, the part, and what would be right in place of the whole. */
function faultsOf(it: string): [FaultReason, string, string | undefined][] {
  const references = scanReferences(it);
  const faults = [
    ...references.flatMap((reference) => referenceFault(it, reference, names) ?? []),
    ...brokenReferences(it, references, names, 'orders'),
  ];
  return faults.map(({ reason, start, end, whole, fix }) => [
    reason,
    it.slice(start, end),
    fix === undefined ? undefined : it.slice(0, whole.start) + fix + it.slice(whole.end),
  ]);
}

describe('the faults of a reference', () => {
  test.each<[string, ...ReturnType<typeof faultsOf>]>([
    ['x ${secret:orders:password} y'],
    ['${secret:orders:password}${secret:orders:user}'],
    ['${env:KEY} ${file:/run/x.properties:key}'],
    ['${topic} ${VAR:-x} ${date:now} ${vault:p:k} ${a:b'],
    ['${}${:}{}'],
    [
      '${secret:orders:password',
      ['unclosed', '${secret:orders:password', '${secret:orders:password}'],
    ],
    [
      'u="${secret:orders:user" p=1',
      ['unclosed', '${secret:orders:user', 'u="${secret:orders:user}" p=1'],
    ],
    [
      '${secret:orders:user hunter2 ${secret:orders:password}',
      [
        'unclosed',
        '${secret:orders:user',
        '${secret:orders:user} hunter2 ${secret:orders:password}',
      ],
    ],
    ['${secrets:orders:user', ['unclosed', '${secrets:orders:user', '${secrets:orders:user}']],
    ['${secret:', ['unclosed', '${secret:', undefined]],
    ['${secret}', ['no-colon', '${secret}', undefined]],
    [
      '${secret.orders.user}',
      ['wrong-separator', '${secret.orders.user}', '${secret:orders:user}'],
    ],
    ['${secret/orders}', ['wrong-separator', '${secret/orders}', undefined]],
    [
      '${secret;orders;user}',
      ['wrong-separator', '${secret;orders;user}', '${secret:orders:user}'],
    ],
    ...['/', '=', ';', ',', '|', ' ', ' / '].map(
      (sign): [string, ...ReturnType<typeof faultsOf>] => [
        `\${secret${sign}orders.eu:user}`,
        ['wrong-separator', `secret${sign}orders.eu`, '${secret:orders.eu:user}'],
      ],
    ),
    ['${secret.orders:user}', ['wrong-separator', 'secret.orders', undefined]],
    ['${secret.service.user:x} ${secret.user:} ${secret.user:-x} ${secret.port:8080}'],
    ['${secret.url:http://x} ${secret.a ? b : c} ${secret/a/b:c} ${secret/:c} ${env/a:b}'],
    ['${secrets.x:y} ${file.encoding:UTF-8} ${secret/orders:pass word} ${secretx/orders:p}'],
    ['$(secret:orders:user)', ['not-opened', '$(secret', '${secret:orders:user}']],
    ['u="$(secret:orders:user}"', ['not-opened', '$(secret', 'u="${secret:orders:user}"']],
    ['$(env:orders:user) (secret:orders:user) {secret:orders:user)'],
    ['${secret:orders:user}}', ['brace-behind', '}', '${secret:orders:user}']],
    ['{"a":{"b":${secret:orders:user}}}'],
    ['${{secret:orders:user}}', ['double-brace', '{', '${secret:orders:user}']],
    ['${ ${secret:orders:user} }', ['open-in-front', '${', undefined]],
    ['$${secret:orders:user}', ['sign-in-front', '$', '${secret:orders:user}']],
    ['a\\${secret:orders:user}', ['sign-in-front', '\\', 'a${secret:orders:user}']],
    ['${secret:${env:NAME}:user}', ['nested', '${env:NAME}', undefined]],
    ['${secret:orders:${env:NAME}}', ['nested', '${env:NAME}', undefined]],
    ['${secret:user}', ['no-path', 'user', undefined]],
    ['${secret:}', ['no-path', '}', undefined]],
    ['${secret::user}', ['empty-path', ':', undefined]],
    ['${secret:orders:}', ['empty-key', '}', undefined]],
    ['${file:/run/x:}', ['empty-key', '}', undefined]],
    ['${file:/run/x}', ['no-key', '/run/x', undefined]],
    ['${env:A/B} ${file:UTF-8}'],
    ['${ secret:orders:user}', ['white-space', ' secret', '${secret:orders:user}']],
    ['${secret: orders : user }', ['white-space', ' orders ', '${secret:orders:user}']],
    ['${secret:orders:user }', ['white-space', 'user ', '${secret:orders:user}']],
    ['${ env : KEY }', ['white-space', ' env ', '${env:KEY}']],
    ['${secret:orders:user:-x}', ['default-value', 'user:-x', '${secret:orders:user}']],
    ['${secret:-x}', ['default-value', '-x', undefined]],
    ['${env:KEY:-INFO}', ['default-value', '-INFO', '${env:KEY}']],
    ['${secret:orders:user:3}', ['version-in-key', 'user:3', '${secret:orders:user}']],
    ['${secret:orders:user:latest}', ['version-in-key', 'user:latest', '${secret:orders:user}']],
    ['${secret:orders:user:x}', ['colon-in-key', 'user:x', '${secret:orders:user}']],
    ['${secret:*:user}', ['bad-path', '*', undefined]],
    ['${secret:orders:user:v3}', ['version-in-key', 'user:v3', '${secret:orders:user}']],
    ['${secret:orders:user:12}', ['version-in-key', 'user:12', '${secret:orders:user}']],
    ['${secret:orders:user:x3}', ['colon-in-key', 'user:x3', '${secret:orders:user}']],
    ['${secret:orders:user:3x}', ['colon-in-key', 'user:3x', '${secret:orders:user}']],
    ['${secret:orders:user:latest-1}', ['colon-in-key', 'user:latest-1', '${secret:orders:user}']],
    ['${secret:orders:user : 3}', ['colon-in-key', 'user : 3', '${secret:orders:user}']],
    ['${secret:orders:user:-x:y}', ['default-value', 'user:-x:y', '${secret:orders:user}']],
    ['${env:-x}', ['default-value', '-x', undefined]],
    ['${env:a:-x}', ['default-value', '-x', '${env:a}']],
    ['${ file:/run/a:key }', ['white-space', ' file', '${file:/run/a:key}']],
    ['a\\$${secret:orders:user}', ['sign-in-front', '\\$', 'a${secret:orders:user}']],
    ['$${secret:orders:user} x', ['sign-in-front', '$', '${secret:orders:user} x']],
    ['${{secret:orders:user}', ['double-brace', '{', '${secret:orders:user}']],
    ['${{ secret:orders:user }} x', ['double-brace', '{', '${secret:orders:user} x']],
    ['${ ${ secret:orders:user } }', ['open-in-front', '${', undefined]],
    ['${ ${vault:a:b} }'],
    ['{secret:orders:user}', ['not-opened', '{secret', '${secret:orders:user}']],
    ['%{secret:orders:user}', ['not-opened', '%{secret', '${secret:orders:user}']],
    ['#{secret:orders:user}', ['not-opened', '#{secret', '${secret:orders:user}']],
    ['@{secret:orders:user}', ['not-opened', '@{secret', '${secret:orders:user}']],
    ['$ {secret:orders:user}', ['not-opened', '$ {secret', '${secret:orders:user}']],
    ['$   {secret:orders:user}', ['not-opened', '$   {secret', '${secret:orders:user}']],
    ['$    {secret:orders:user}', ['not-opened', '$    {secret', '${secret:orders:user}']],
    ['&{secret:orders:user}', ['not-opened', '&{secret', '${secret:orders:user}']],
    ['＄{secret:orders:user}', ['not-opened', '＄{secret', '${secret:orders:user}']],
    ['$\u200B{secret:orders:user}', ['not-opened', '$\u200B{secret', '${secret:orders:user}']],
    ['$secret:orders:user}', ['not-opened', '$secret', '${secret:orders:user}']],
    ['secret:orders:user}', ['not-opened', 'secret', '${secret:orders:user}']],
    ['secret:orders:user', ['not-opened', 'secret', '${secret:orders:user}']],
    ['$secret:orders:user', ['not-opened', '$secret', '${secret:orders:user}']],
    ['secret:other:user'],
    ['see secret:orders:user'],
    ['secret:orders:user, and more'],
    ['secret:orders:user:3'],
    ['file:/etc/orders.properties:user'],
    ['secret:orders:user} x'],
    ['x secret:orders:user}'],
    ['secret:orders:user)'],
    ['env:orders:user}'],
    ['{{secret:orders:user}}'],
    [
      '${secret:a:b} {secret:orders:user} ${secret:a:b}',
      ['not-opened', '{secret', '${secret:a:b} ${secret:orders:user} ${secret:a:b}'],
    ],
    [
      '${secret:a:b}{secret:orders:user}${secret:a:b}',
      ['not-opened', '{secret', '${secret:a:b}${secret:orders:user}${secret:a:b}'],
    ],
    ['${env:{secret:orders:user}'],
    ['${secret.orders.user.x}', ['wrong-separator', '${secret.orders.user.x}', undefined]],
    ['${secret.orders.1x}', ['wrong-separator', '${secret.orders.1x}', undefined]],
    [
      '${ secret.orders.user }',
      ['wrong-separator', '${ secret.orders.user }', '${secret:orders:user}'],
    ],
    ['${env.orders.user}'],
    ['${secret:orders:1x', ['unclosed', '${secret:orders:1x', undefined]],
    ['${ secret : orders', ['unclosed', '${ secret :', undefined]],
    [
      '${secret:orders:user ${env:B:c}',
      ['unclosed', '${secret:orders:user', '${secret:orders:user} ${env:B:c}'],
    ],
    ['${secret:x${env:B}:c}', ['nested', '${env:B}', undefined]],
    ['${secret:orders:user${env:B}}', ['nested', '${env:B}', undefined]],
    ['${secret: orders :1user}', ['white-space', ' orders ', undefined]],
    ['${secret:a%b:user}'],
    ['${secret:orders:us%er}'],
    ['${secret:orders/eu:user}'],
    [
      '${secret:orders:user} ${secret:orders:us er } ${secret',
      ['white-space', 'us er ', '${secret:orders:user} ${secret:orders:us er} ${secret'],
    ],
    ['{secret:orders:user}}'],
    ['{secret:orders:1user}', ['not-opened', '{secret', undefined]],
    [
      '${secret:orders:user}$(secret:a:b)',
      ['not-opened', '$(secret', '${secret:orders:user}${secret:a:b}'],
    ],
    ['${secret:orders:1user}', ['bad-key', '1user', undefined]],
  ])('%s', (it, ...faults) => {
    expect(faultsOf(it)).toEqual(faults);
  });

  test.each([
    ['${', true],
    ['x ${secret} y', true],
    ['$(secret:a:b)', true],
    ['{secret:a:b}', true],
    ['secret:a:b', true],
    ['', false],
    ['a:b', false],
    ['https://schemas.internal:8081', false],
    ['{a}', false],
    ['(a)', false],
    ['$', false],
    ['a { : (', false],
  ])('may be in %j: %s', (it, may) => {
    expect(mayHoldReference(it)).toBe(may);
    if (!may) expect(faultsOf(it)).toEqual([]);
  });

  test('do not make the fix of a fault faulty', () => {
    fc.assert(
      fc.property(text, (it) => {
        for (const [, , fixed] of faultsOf(it)) {
          if (fixed !== undefined)
            expect(faultsOf(fixed).length).toBeLessThanOrEqual(faultsOf(it).length);
        }
      }),
    );
  });

  test.each([
    '${secret:',
    '${secret:a:b ',
    '$',
    '\\',
    '${secret:a:b}',
    '${ ',
    '$                {',
    '${secret.',
    '${secret.a',
    '${{secret:a:b}}',
  ])('are found in a million characters of %s, which quadratic work would not finish', (it) => {
    const hostile = it.repeat(1_000_000 / it.length);
    expect(() => [...faultsOf(hostile), ...faultsOf(`${hostile}}`)]).not.toThrow();
  });
});

test.each([
  ...[
    '${VAR:-x}',
    '${VAR:=x}',
    '${VAR:?x}',
    '${VAR:+x}',
    '${date:now:yyyy}',
    '${header:id}',
    '${sys:home}',
  ],
  ...['${exchangeProperty:a}', '${ctx:user}', '${a ? b : c}', '${db.host:localhost}', '${1:x}'],
  ...['${start_offset:padding=true}', '${prettyBody:x}', '${xpath:/a}'],
])('%s belongs to another template language', (it) => {
  expect(scanReferences(it).map(isForeignTemplate)).toEqual([true]);
});

test.each(['${vault:p:k}', '${DB_PASSWORD:x}', '${aws-sm:k}', '${vault:my-key}', '${v:a=b:c}'])(
  '%s may be a reference',
  (it) => {
    expect(scanReferences(it).map(isForeignTemplate)).toEqual([false]);
  },
);
