// Runs to report on: each format has its golden answer to each of them in fixtures/reports/.
import { positionsIn } from '../../../src/documents/position.ts';
import type { FileReport, Finding } from '../../../src/validator/diagnostic.ts';
import { existenceIn, type KeyFact } from '../../../src/validator/existence.ts';
import { describer } from '../../../src/validator/describe.ts';
import { knownProviders } from '../../../src/validator/provider-names.ts';
import type { Report } from '../../../src/validator/reports/report.ts';
import { validate, type ValidateOptions } from '../../../src/validator/validate.ts';

export const cases = {
  nothing: async () => ({ files: [], existenceChecked: false }),
  clean: async () => ({
    files: await checked({
      'connectors/orders.json': connector('orders', '${secret:orders:password}'),
      'connectors/package.json': '{"name": "no-connector"}',
    }),
    existenceChecked: true,
  }),
  severities: async () => ({
    files: [...(await checked({ 'connectors/orders.json': BROKEN }, NOTED)), fixable()],
    existenceChecked: false,
    exitCode: 1,
  }),
  'warnings-that-fail': async () => ({
    files: await checked({ 'orders.json': connector('orders', '${vault:database:password}') }),
    existenceChecked: true,
    exitCode: 1,
    failOn: 'warning',
  }),
  'odd-names': async () => ({
    files: await checked(
      Object.fromEntries(ODD_NAMES.map((name) => [name, connector(name, '${secret:x:k}')])),
    ),
    existenceChecked: false,
    exitCode: 1,
  }),
  unreadable: async () => ({
    files: await checked({ '<stdin>': '{"name": "orders", "config": {}}' }),
    existenceChecked: true,
    exitCode: 3,
    faults: [
      { file: 'sub/a|b.json', message: "'sub/a|b.json' cannot be read: it is not UTF-8 text" },
      { message: 'http://connect:8083 cannot be reached: connection refused' },
    ],
  }),
  elsewhere: async () => ({
    files: await checked(
      Object.fromEntries(
        [
          'orders.json',
          '../orders.json',
          '/srv/other/a b.json',
          'http://connect:8083/connectors',
        ].map((file) => [file, connector('orders', '${secret:payments:password}')]),
      ),
    ),
    existenceChecked: true,
    exitCode: 1,
    base: { folder: '/srv/repository/connectors', root: '/srv/repository' },
  }),
  'whole-project': async () => ({
    files: await checked(
      {
        'orders.json': connector('orders', '${secret:shop:password}'),
        'billing.json': connector('billing', '${secret:shop:password}'),
      },
      {
        severities: {
          'shared-path': 'error',
          'unused-secret': 'warning',
          'path-is-not-connector': 'off',
        },
        existence: existenceIn(new Map([['shop', new Map([entry('password'), entry('token')])]]), {
          origin: { name: 'names.json', authenticated: false },
        }),
      },
    ),
    existenceChecked: true,
    namesAuthenticated: false,
    exitCode: 1,
  }),
} satisfies Record<string, () => Promise<Report>>;

function entry(key: string): [string, KeyFact] {
  return [key, { state: 'enabled', version: 1 }];
}

/** What breaks URIs, XML, tables, terminals and workflow commands. */
export const ODD_NAMES = [
  'with blank.json',
  'größe-秘密-🔑.json',
  '100%25.json',
  'line\nbreak\r.json',
  `quotes'"\`.json`,
  'a&b<c>]]>.json',
  'pipe|\\|.json',
  'escape\u001b[31m-\u202e-\ufffe-\ud800.json',
  'a:b,c=d::e#f?g.json',
  '@everyone #1 [link](http:x) <img src=x> www.example.com.json',
  '-rf.json',
];

export function connector(name: string, value: string): string {
  return JSON.stringify({ name, config: { 'connector.class': 'X', 'connection.password': value } });
}

const BROKEN = `{
  "name": "orders",
  "config": {
    "connection.url": "jdbc:postgresql://db/shop?user=\${vault:shop:user}",
    "connection.password": "\${secret:payments:password}",
    "sasl.jaas.config": "password=\\"\${secret:orders:jaas\\" user=\${secret:shipping:user}"
  }
}
`;

const NOTED: ValidateOptions = { severities: { 'missing-class': 'note' } };

async function checked(
  texts: Record<string, string>,
  options: ValidateOptions = {},
): Promise<FileReport[]> {
  const inputs = Object.entries(texts).map(([file, text]) => ({ file, text, found: true }));
  return validate(inputs, options);
}

/** Two edits on two lines, behind a character of two code units. */
export const FIXABLE = '{"🔑": "${secrets:orders:a}",\r\n "b": "${secrets:orders:b}"}';

function fixable(): FileReport {
  const file = 'connectors/fixable.json';
  const places = [...FIXABLE.matchAll(/secrets/g)].map(({ index }) => index);
  const finding: Finding = {
    start: places[0] ?? 0,
    end: (places[0] ?? 0) + 7,
    message: "provider 'secrets' is not known, and Kafka leaves the text as it stands",
    isName: true,
    fix: {
      what: "write 'secret'",
      edits: places.map((offset) => ({ offset, length: 'secrets'.length, text: 'secret' })),
    },
  };
  const providers = knownProviders(['secret'], []);
  const describe = describer({ file, text: FIXABLE }, [], positionsIn(FIXABLE), providers);
  const about = {
    rule: 'unknown-provider',
    severity: 'error',
    connector: undefined,
    setting: undefined,
    isEncoded: false,
    opening: '${',
    length: 0,
  } as const;
  return { file, connectors: 0, names: [], references: 2, diagnostics: [describe(finding, about)] };
}
