// What is damaged: every file of the corpus and of fixtures/validate/, with credentials that are known again in its values.
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { applyEdits } from '../../../src/documents/edit.ts';
import { readSource } from '../../../src/documents/read.ts';
import type { Entry } from '../../../src/documents/shapes.ts';
import { providersOf, shapeOptions } from '../../../src/validator/validate.ts';
import { corpusFiles, textOf } from '../corpus.ts';
import { goldensFolder, inputOf } from '../golden-report.ts';

/** Six letters of it in a row are a leak. No other text of the seeds has them. */
export const CANARY = 'QkZwXvJyHqGz';

export interface Seed {
  name: string;
  extension: string;
  text: string;
}

/** Longer ones would be most of the work, and have nothing that short ones lack. */
const LONGEST = 20_000;

/** How a credential stands in a value. */
const VALUES = [
  CANARY,
  `user=\${secret:orders:user} password=${CANARY};`,
  `jdbc:postgresql://db/orders?password=${CANARY}&ssl=true`,
  `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${CANARY}";`,
  `秘${CANARY}"'\\ # {x}`,
  `\${env:X:-${CANARY}}`,
];

export async function seeds(): Promise<Seed[]> {
  const all = [
    ...corpusFiles.map((file) => ({ name: `corpus/${file}`, text: textOf(file) })),
    ...readdirSync(goldensFolder)
      .sort()
      .map((name) => ({ name: `validate/${name}`, file: inputOf(name) }))
      .map(({ name, file }) => ({
        name: name + extname(file),
        text: readFileSync(file, 'utf8'),
      })),
  ].filter(({ text }) => text.length <= LONGEST);
  return Promise.all(
    all.map(async ({ name, text }, at) => ({
      name,
      extension: extname(name),
      text: await planted(text, at),
    })),
  );
}

const shape = shapeOptions(providersOf({}));

/** One value after the other: what stands in base64 is written anew by each. */
async function planted(text: string, from: number): Promise<string> {
  const { connectors } = await readSource(text, shape);
  let done = text;
  for (const [at, { entries }] of connectors.entries())
    for (const [index, entry] of entries.entries())
      if (isPlain(entry)) {
        const again = (await readSource(done, shape)).connectors[at];
        const { pointer } = again?.entries[index] ?? entry;
        if (again === undefined || again.document.isShared?.(pointer) === true) continue;
        const value = VALUES[(from + index) % VALUES.length] ?? CANARY;
        done = applyEdits(done, [again.document.write(pointer, value)]);
      }
  return done;
}

/** Of a name or a class the reports tell. */
function isPlain({ key, value }: Entry): boolean {
  return value !== null && !/^name$|class|\.type$/.test(key) && !/\$\{|\{\{/.test(value);
}
