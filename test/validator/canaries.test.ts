// The files that are validated hold credentials in clear. Whatever is wrong with a file, no report shows one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportFormats, reports } from '../../src/validator/reports/index.ts';
import { plainStyle } from '../../src/validator/reports/report.ts';
import { validate } from '../../src/validator/validate.ts';

/** Six letters of them in a row are a leak. They hold what breaks JSON, references and frames. */
const CANARY = 'QkZwXvJyHqGz';
const canary = fc
  .array(
    fc.tuple(
      fc.nat(CANARY.length),
      fc.constantFrom('"', '\\', ':', ',', '{', '}', ' ', '=', '\n', '秘', '/'),
    ),
    { maxLength: 2 },
  )
  .map((marks) =>
    marks.reduce((text, [at, mark]) => text.slice(0, at) + mark + text.slice(at), CANARY),
  );

/** What may stand in front. Two characters may get lost (see `damage`) and the canary is still no name. */
const value = fc.tuple(
  fc.constantFrom(
    ...[
      '',
      '${secret:payments:p} ; ',
      '${secret:orders:user = ; ',
      '${secrets:a:b} ; ',
      '${env:X:-;;;',
    ],
    ...['user=${secret:orders:user password= ;', '${vault:x:', '${X::::'],
  ),
  canary,
  fc.constantFrom('', ' ${secret:payments:p}', '}', ' }', '} {x}', '${secret:p}'),
);

const setting = fc.tuple(
  fc.constantFrom('a', 'connection.password', 'sasl.jaas.config'),
  value.map((parts) => parts.join('')),
);

const document = fc
  .tuple(fc.array(setting, { maxLength: 6 }), fc.boolean(), fc.constantFrom('', '\n  ', '\r\n\t'))
  .map(([settings, isBody, space]) => {
    const members = settings.map(
      ([key, text]) => `${space}${JSON.stringify(key)}: ${JSON.stringify(text)}`,
    );
    const config = `{${['"connector.class": "X"', ...members].join(',')}${space}}`;
    return isBody ? `{"name": "orders", "config": ${config}}` : config;
  });

/** What editors, templates and merges do to a file: characters go, come, or everything behind a place is lost. */
const damage = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('delete', 'insert', 'cut', 'none'),
    mark: fc.constantFrom('"', ',', ':', '{', '}', '\\', '\n', '//', "'", '[', '\t'),
  }),
  { maxLength: 2 },
);

function damaged(text: string, damages: { at: number; kind: string; mark: string }[]): string {
  return damages.reduce((it, { at, kind, mark }) => {
    const place = at % (it.length + 1);
    if (kind === 'delete') return it.slice(0, place) + it.slice(place + 1);
    if (kind === 'insert') return it.slice(0, place) + mark + it.slice(place);
    return kind === 'cut' ? it.slice(0, place) : it;
  }, text);
}

function leaks(report: string): string[] {
  return Array.from({ length: CANARY.length - 5 }, (_, at) => CANARY.slice(at, at + 6)).filter(
    (piece) => report.includes(piece),
  );
}

test('no credential of 4,000 damaged files is in a report', async () => {
  let findings = 0;
  await fc.assert(
    fc.asyncProperty(document, damage, async (text, damages) => {
      const options = {
        existence: {
          paths: () => ['orders'],
          keys: (path: string) => (path === 'orders' ? new Map() : undefined),
        },
      };
      const files = await validate([{ file: 'x.json', text: damaged(text, damages) }], options);
      findings += files[0]?.diagnostics.length ?? 0;
      const report = { files, existenceChecked: true };
      for (const format of reportFormats)
        expect([format, ...leaks(reports[format](report, plainStyle))]).toEqual([format]);
    }),
    // One seed for all: where three characters get lost in one place a canary can become a name.
    { numRuns: 4000, seed: 20261124 },
  );
  expect(findings).toBeGreaterThan(4000);
});

test('a default in a part of a reference is in no report, what is wrong with the reference beside', async () => {
  const text = JSON.stringify({
    name: 'orders',
    'connector.class': 'X',
    'connection.password': `\${\uFEFFenv::X:-${CANARY}}`,
  });
  const files = await validate([{ file: 'orders.json', text }]);
  const made = reportFormats.map((format) =>
    reports[format]({ files, existenceChecked: true }, plainStyle),
  );
  expect(files[0]?.diagnostics).not.toEqual([]);
  expect(made.filter((report) => report.includes(CANARY))).toEqual([]);
});
