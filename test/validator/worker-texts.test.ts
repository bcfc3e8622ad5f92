// A worker quotes what it was given: whole, in pieces, out of other settings. None of it is in a report.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reports } from '../../src/validator/reports/index.ts';
import { plainStyle } from '../../src/validator/reports/report.ts';
import { validate, validator } from '../../src/validator/validate.ts';
import { questionsFor } from '../../src/validator/worker/questions.ts';
import type { Definition, WorkerVerdict } from '../../src/validator/worker/verdict.ts';

const CLASS = 'com.example.Sink';

function definition(name: string, type: string, more: Partial<Definition> = {}): Definition {
  return { name, type, recommended: [], documentation: '', ...more };
}

function fileOf(config: Record<string, string>): string {
  return JSON.stringify({ name: 'orders', config: { 'connector.class': CLASS, ...config } });
}

describe('the dummy for a reference', () => {
  const asked = async (setting: string, value: string, own: Definition) => {
    const input = { file: 'a.json', text: fileOf({ [setting]: value }) };
    const [report] = await validate([input]);
    const [question] = report === undefined ? [] : await questionsFor(input, report, {});
    return question?.asked([own]).config[setting];
  };
  const R = '${secret:orders:k}';
  test.each([
    ['PASSWORD', R, {}, 'secretregdummy1z'],
    ['STRING', R, {}, 'secretregdummy1z'],
    ['STRING', R, { defaultValue: 'insert' }, 'insert'],
    ['STRING', R, { defaultValue: '', recommended: ['a', 'b'] }, 'a'],
    [
      'STRING',
      `x=${R};y=${R}`,
      { defaultValue: 'insert' },
      'x=secretregdummy1z;y=secretregdummy2z',
    ],
    ['INT', R, {}, '1'],
    ['INT', R, { defaultValue: '3000' }, '3000'],
    ['LONG', `1${R}`, { defaultValue: '3000' }, '11'],
    ['SHORT', R, {}, '1'],
    ['DOUBLE', R, {}, '0.5'],
    ['BOOLEAN', R, { defaultValue: 'false' }, 'true'],
    ['LIST', R, { defaultValue: '' }, 'secretregdummy1z'],
    ['LIST', `a,${R}`, {}, 'a,secretregdummy1z'],
    [
      'CLASS',
      R,
      { recommended: ['org.apache.kafka.connect.json.JsonConverter'] },
      'org.apache.kafka.connect.json.JsonConverter',
    ],
    ['CLASS', R, {}, 'java.lang.Object'],
    [
      'PASSWORD',
      `\${env:X} \${vault:a:b} \${VAR:-x} \${topic}`,
      {},
      'secretregdummy1z secretregdummy2z ${VAR:-x} ${topic}',
    ],
  ] as const)('of a %s for %s is %o, %s', async (type, value, more, expected) => {
    expect(await asked('k', value, definition('k', type, more as Partial<Definition>))).toBe(
      expected,
    );
  });
});

describe('a worker is asked', () => {
  const pointersOf = async (text: string, options = {}) => {
    const input = { file: 'a.json', text };
    const [report] = await validate([input], options);
    const questions = report && (await questionsFor(input, report, options));
    return questions?.map(({ pointer }) => pointer);
  };
  test.each([
    ['about a connector without errors', fileOf({ p: '${secret:orders:k}' }), ['']],
    ['about one with warnings only', fileOf({ p: '${vault:orders:k}' }), ['']],
    ['not about one with an error', fileOf({ p: '${secret:other:k}' }), []],
    ['about the others of a list', `[${fileOf({ p: '${secret:other:k}' })},${fileOf({})}]`, ['/1']],
    ['not about one without a class', '{"name":"orders","config":{"tasks.max":"1"}}', []],
    [
      'not about one whose class is in a reference',
      fileOf({ 'connector.class': '${secret:orders:c}' }),
      [],
    ],
    ['not about a file that is no JSON', '{', []],
  ])('%s', async (_what, text, pointers) => {
    expect(await pointersOf(text)).toEqual(pointers);
  });

  test('with the name that Connect adds, and with what it does not take as an empty object', async () => {
    const text = JSON.stringify({ 'connector.class': CLASS, a: { b: 'c' }, n: null, t: true });
    const input = { file: 'a.json', text, connectorName: 'orders' };
    const [report] = await validate([input]);
    const [question] = report === undefined ? [] : await questionsFor(input, report, {});
    expect(question?.asked([]).config).toEqual({
      name: 'orders',
      'connector.class': CLASS,
      a: {},
      n: null,
      t: 'true',
    });
  });
});

/** Six letters of it in a row are a leak. */
const CANARY = 'QkZwXvJyHqGz';
const PIECES = Array.from({ length: CANARY.length - 5 }, (_, at) => CANARY.slice(at, at + 6));

const value = fc
  .tuple(
    fc.constantFrom('', 'user=app;password=', 'jdbc:x://', '${secret:orders:user}/', 'a b ', '%'),
    fc.constantFrom('', '"', '\\', '@', '-', '.', ' ', '\n'),
    fc.constantFrom('', ';', '}', ' and more', '/db?x=1', ',b'),
  )
  .map(
    ([front, mark, behind]) => `${front}${CANARY.slice(0, 6)}${mark}${CANARY.slice(6)}${behind}`,
  );

/** What connectors do with a value before they complain of it. */
const quoting = fc.constantFrom<(text: string) => string>(
  (it) => it,
  (it) => it.trim().toUpperCase(),
  (it) => it.split(/[;,/?]/).join(', '),
  (it) => `[${it}]`,
  (it) => `'${it}'`,
  (it) => it.replaceAll('"', '').replaceAll('\\', '\\\\'),
  (it) => it.slice(0, Math.max(8, it.length - 2)),
);

const frame = fc.constantFrom<(text: string, setting: string) => string>(
  (it, setting) => `Invalid value ${it} for configuration ${setting}: it does not fit`,
  (it) => `cannot log in with ${it} at the host for configuration of it`,
  (it) => `java.lang.Exception: ${it} and secretregdummy1z are wrong`,
  (it) => it,
);

test('no value of 4,000 configurations is in what is shown of a worker', async () => {
  const settings = fc.constantFrom('password', 'url', 'user');
  const types = fc.constantFrom('PASSWORD', 'STRING', 'LIST');
  let findings = 0;
  await fc.assert(
    fc.asyncProperty(
      settings,
      settings,
      types,
      value,
      quoting,
      frame,
      fc.boolean(),
      async (own, about, type, text, quote, around, isWhole) => {
        const words = around(quote(text.replace('${secret:orders:user}', 'secretregdummy1z')), own);
        const verdict: WorkerVerdict = {
          classes: [CLASS],
          definitions: [
            definition(own, type, {
              documentation: 'The password with which to log in, for url and user',
            }),
          ],
          fields: isWhole ? [] : [{ name: about, errors: [words] }],
          ...(isWhole && { refusal: words }),
        };
        const options = { verdicts: new Map([['', verdict]]) };
        const input = { file: 'a.json', text: fileOf({ [own]: text }) };
        const files = [await validator(options)(input)];
        findings += files[0]?.diagnostics.length ?? 0;
        const report = { files, existenceChecked: false };
        const shown = reports.text(report, plainStyle) + reports.jsonl(report, plainStyle);
        const lower = shown.toLowerCase();
        expect(PIECES.filter((piece) => lower.includes(piece.toLowerCase()))).toEqual([]);
      },
    ),
    { numRuns: 4000 },
  );
  expect(findings).toBeGreaterThan(3000);
});
