// The plugin's scanner, ours and Kafka's ConfigTransformer, on the same random texts.
import { expect, test } from 'vitest';
import { type Reference, scanReferences } from '../../src/domain/reference.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { generator } from '../random.ts';
import { LONGEST_BUILD_MS } from './built-once.ts';
import { runJava } from './java.ts';
import { REFERENCE_TOKENS } from '../domain/reference-tokens.ts';

const TEXTS = 100_000;
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

const TOKENS = [...REFERENCE_TOKENS, ...['constructor', 'toString', '__proto__', ' ', '"', '$1']];

interface Told {
  /** The text, each reference in it replaced by what it is: `<provider/path/key>` in hexadecimal. */
  kafka: string;
  references: Reference[];
}

describeKafka('the scanner of the plugin', () => {
  test(
    `finds what ours and Kafka's class find in ${TEXTS} texts (seed ${SEED})`,
    async () => {
      console.log(`SECRETREG_TEST_SEED=${SEED}`);
      const texts = [...hostile(), ...randomTexts(generator(SEED))];
      const told = await runJava(
        'io.secretreg.connect.ScannerOracle',
        texts.map((text) => JSON.stringify(text)),
      );
      expect(told).toHaveLength(texts.length);
      let found = 0;
      for (const [index, line] of told.entries()) {
        const text = texts[index] ?? '';
        const { kafka, references } = JSON.parse(line) as Told;
        const ours = scanReferences(text);
        // expect() a hundred thousand times costs more than all three scanners.
        if (JSON.stringify(ours) !== JSON.stringify(references))
          expect(references, text).toEqual(ours);
        if (kafka !== replaced(text, ours)) expect(kafka, text).toBe(replaced(text, ours));
        found += ours.length;
      }
      expect(found).toBeGreaterThan(TEXTS / 4);
    },
    LONGEST_BUILD_MS,
  );
});

function* randomTexts(random: () => number): Iterable<string> {
  for (let i = 0; i < TEXTS; i += 1) {
    const length = 1 + Math.floor(random() * 12);
    yield Array.from({ length }, () => TOKENS[Math.floor(random() * TOKENS.length)]).join('');
  }
}

/** Short enough for the regular expression of Kafka's class, which backtracks. */
function hostile(): string[] {
  return [
    '',
    '${'.repeat(100),
    `${'${'.repeat(100)}:}`,
    ':'.repeat(300),
    `\${a${':'.repeat(300)}}`,
  ];
}

function replaced(text: string, references: readonly Reference[]): string {
  let done = 0;
  let result = '';
  for (const { start, end, provider, path, key } of references) {
    result += `${text.slice(done, start)}<${[provider, path, key].map(hex).join('/')}>`;
    done = end;
  }
  return result + text.slice(done);
}

function hex(text: string): string {
  return Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  ).join('');
}
