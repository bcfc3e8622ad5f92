// Random texts, as java.util.Properties reads them and as we do.
import { expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import { parseProperties } from '../../../src/documents/properties/properties.ts';
import { validate } from '../../../src/validator/validate.ts';
import { describeJava } from '../../java.ts';
import { generator } from '../../random.ts';
import { lines, readByJava } from './oracle.ts';
import { PIECES } from './texts.ts';

const TEXTS = 20_000;
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

describeJava('a .properties file', () => {
  test(`is read as java.util.Properties reads ${TEXTS} of them (seed ${SEED})`, async () => {
    console.log(`SECRETREG_TEST_SEED=${SEED}`);
    const texts = [...EDGES, ...randomTexts(generator(SEED))];
    const told = await readByJava(texts);
    expect(told).toHaveLength(texts.length);
    let refused = 0;
    for (const [index, line] of told.entries()) {
      const text = texts[index] ?? '';
      if (line === 'refused') refused += 1;
      // expect() twenty thousand times costs more than both readers.
      if (read(text) !== line) expect(read(text), JSON.stringify(text)).toBe(line);
    }
    expect(refused).toBeGreaterThan(TEXTS / 100);
  }, 60_000);

  test(`not-ascii tells where Kafka reads other values, and its fix is what was meant (seed ${SEED})`, async () => {
    const random = generator(SEED);
    const sign = () => SIGNS[Math.floor(random() * SIGNS.length)] ?? '';
    const texts = Array.from({ length: 500 }, (_, at) => {
      const value = Array.from({ length: Math.floor(random() * 8) }, sign).join('');
      return `connector.class=x\nname=c${at}\nv=${value}\n`;
    });
    const reports = await validate(texts.map((text) => ({ file: 'c.properties', text })));
    const told = reports.map(({ diagnostics }) =>
      diagnostics.filter(({ rule }) => rule === 'not-ascii'),
    );
    const asFile = await readByJava(texts, 'file');
    expect(told.map((own) => own.length > 0)).toEqual(
      texts.map((text, at) => asFile[at] !== read(text)),
    );
    const mended = texts.map((text, at) =>
      applyEdits(text, told[at]?.flatMap(({ fix }) => fix?.edits ?? []) ?? []),
    );
    expect(await readByJava(mended, 'file')).toEqual(texts.map(read));
    expect(told.filter((own) => own.length > 0).length).toBeGreaterThan(100);
  }, 60_000);
});

/** As they stand, as escapes, of two units and of four bytes. */
const SIGNS = ['a', 'ä', '\\u00e4', '€', '😀', '\\ud83d', '\\\n  ', '\\ö', ' ', '=', '\\\\'];

/** Where the class does what its documentation does not tell. */
const EDGES = [
  ...[
    '',
    '\\',
    '\\\n',
    '\\\r',
    '\\\r\n',
    '\\\n\\\n',
    '\\\n\\',
    '\\\n#x',
    '\\\n\n\\\na=b',
    '  \\\n!',
  ],
  ...[
    'a\\',
    'a=b\\',
    'a=b\\\n',
    'a=b\\\n\n',
    'a=b\\\n  #c',
    'a=b\\\n  \\\n\\\nc',
    'a\\\r\n  b\r\n=c',
  ],
  ...[
    'a \\\n = \\\n = b',
    'a=\\u00\\\n  41',
    'a=\\\\u0041',
    'a=\\u004',
    'a\\u003d=b',
    '=',
    ':a',
    '= =a',
  ],
];

function* randomTexts(random: () => number): Iterable<string> {
  for (let i = 0; i < TEXTS; i += 1) {
    const length = 1 + Math.floor(random() * 16);
    yield Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
  }
}

/** As the oracle writes it: of repeated names the last value. */
function read(text: string): string {
  const { roots, problems } = parseProperties(text);
  if (problems.some(({ kind }) => kind === 'parse-error')) return 'refused';
  return lines(Object.entries(roots[0]?.value as Record<string, string>));
}
